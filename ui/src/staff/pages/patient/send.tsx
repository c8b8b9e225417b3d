import { Button, Drawer, Input, Select } from 'antd'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import { call, newKey } from '../../../api/call'
import '../../../api/contract/lookup'
import '../../../api/contract/send'
import type { Detail } from '../../../api/contract/patient'
import { exact, yuan } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { patient as words } from '../../../lib/text/patient'
import { useDraft } from '../../../lib/draft'
import { Kbd, useNarrow, useFail, useUndo } from '../../../lib/ui'
import { Banner, useBanner } from '../part/banner'
import { profile } from '../../../lib/text/profile'
import { OptOuts } from './optouts'

const purposes = ['care', 'notice', 'survey', 'promotion']

/** SendDrawer writes one text message. The server counts, prices and checks it while it is typed. */
export function SendDrawer({ patient: p, onClose }: { patient: Detail; onClose: () => void }) {
  const t = useText(words)
  const c = useText(common)
  const narrow = useNarrow()
  const undo = useUndo()
  const fail = useFail()
  const client = useQueryClient()
  const draft = useDraft<string>('sms.' + p.id)
  const phones = useMemo(() => p.contacts.filter(x => x.system === 'mobile' && x.state !== 'wrong'), [p.contacts])
  const reach = useBanner(p.id).data?.reach
  const f = useText(profile)
  const [chosen, setContact] = useState<string>()
  const contact = chosen ?? (reach ? '' : phones[0]?.id)
  const [purpose, setPurpose] = useState('care')
  const [text, setText] = useState(draft.restored?.value ?? '')
  const [rested, setRested] = useState(text)
  const key = useRef(newKey()) // one message, however often the button is pressed
  useEffect(() => { const h = window.setTimeout(() => setRested(text), 250); return () => window.clearTimeout(h) }, [text])
  const write = (v: string) => { setText(v); draft.keep(v); key.current = newKey() }
  const templates = useQuery({ queryKey: ['message', 'templates'], staleTime: 300_000, queryFn: ({ signal }) => call('GET /api/v1/message-templates', { signal }) })
  const preview = useQuery({ queryKey: ['message', 'preview', p.id, rested, purpose], enabled: rested.trim() !== '', placeholderData: keepPreviousData, queryFn: ({ signal }) => call('POST /api/v1/messages/preview', { body: { patient_id: p.id, text: rested, purpose }, signal }) })
  const v = text.trim() ? preview.data : undefined
  const settled = rested === text && !preview.isFetching
  const blocked = !!v && (!v.gate.allowed || v.lint.some(x => x.blocking))
  const ready = contact !== undefined && !!text.trim() && settled && !!v && !blocked
  const send = useMutation({
    mutationFn: () => call('POST /api/v1/messages', { body: { patient_id: p.id, contact_id: contact || undefined, text, purpose }, idempotencyKey: key.current }),
    onSuccess: m => {
      draft.drop()
      onClose()
      const fresh = () => void client.invalidateQueries({ queryKey: ['patient', p.id] })
      undo(v?.gate.not_before ? t.send.later(exact(v.gate.not_before)) : t.send.sent, () => call('POST /api/v1/messages/{id}/cancel', { path: { id: m.id } }).then(() => { fresh(); undo(t.send.cancelled) }).catch(fail))
      fresh()
    },
    onError: fail,
  })
  return (
    <Drawer open title={`${t.send.title} · ${p.name}`} onClose={onClose} size={narrow ? 360 : 460} mask={false} destroyOnHidden footer={<div className="row"><Button type="primary" disabled={!ready} loading={send.isPending} onClick={() => send.mutate()}>{t.send.go}<Kbd k="ctrl+Enter" /></Button><Button onClick={onClose}>{c.cancel}</Button></div>}>
      {phones.length === 0 && !reach ? <p className="work-none">{t.send.noContact}</p> : (
        <div className="stack form" onKeyDown={e => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey) && ready && !send.isPending) send.mutate() }}>
          <Banner id={p.id} alert={p.alert} />
          <OptOuts id={p.id} />
          <div className="cols2">
            <label>{t.send.to}<Select aria-label={t.send.to} value={contact} onChange={setContact} options={[...(reach ? [{ value: '', label: `${reach.value} · ${reach.name} · ${f.rel.kinds[reach.relation] ?? reach.relation}` }] : []), ...phones.map(x => ({ value: x.id, label: `${x.value}${x.owner ? ' · ' + (t.owners[x.owner] ?? x.owner) : ''}` }))]} /></label>
            <label>{t.send.purpose}<Select aria-label={t.send.purpose} value={purpose} onChange={setPurpose} options={purposes.map(x => ({ value: x, label: t.send.purposes[x] }))} /></label>
          </div>
          {!!templates.data?.items.length && <label>{t.send.template}<Select aria-label={t.send.template} showSearch={{ optionFilterProp: 'label' }} value={null} options={templates.data.items.filter(x => x.state === 'active').map(x => ({ value: x.id, label: x.name }))} onChange={(id: string | null) => { const m = templates.data.items.find(x => x.id === id); if (m) { write(m.text); if (purposes.includes(m.purpose)) setPurpose(m.purpose) } }} /></label>}
          <label>{t.send.text}<Input.TextArea autoFocus aria-label={t.send.text} placeholder={t.send.placeholder} value={text} onChange={e => write(e.target.value)} autoSize={{ minRows: 4, maxRows: 12 }} maxLength={1000} /></label>
          <p className="counter" role="status">{!text.trim() ? '' : !v ? t.send.counting : <><b>{t.send.parts(v.parts)}</b> {t.send.units(v.units, v.per_part)} · {t.send.encoding[v.encoding]} · {t.send.cost(yuan(v.cost_fen))}</>}</p>
          {v?.lint.map(x => <p key={x.code} className={x.blocking ? 'lint bad' : 'lint'}>{x.text}</p>)}
          {v && !v.gate.allowed && <p className="lint bad"><b>{t.send.blocked}</b> {v.gate.reason}</p>}
          {v?.gate.allowed && v.gate.not_before && <p className="lint">{t.send.notBefore(exact(v.gate.not_before))}</p>}
          {v && <div><span className="sub">{t.send.preview}</span><p className="bubble">{v.text}</p></div>}
        </div>
      )}
    </Drawer>
  )
}
