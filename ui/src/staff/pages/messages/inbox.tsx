import { Button, Drawer, Input, Skeleton, type InputRef } from 'antd'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { call } from '../../../api/call'
import type { Incoming } from '../../../api/contract/message'
import { useDraft } from '../../../lib/draft'
import { useText } from '../../../lib/i18n'
import { useKeys } from '../../../lib/keys'
import { common } from '../../../lib/text/common'
import { message } from '../../../lib/text/message'
import { Failure, Initial, Kbd, State, StatusTag, useFail, useNarrow, useUndo, When, type Tone } from '../../../lib/ui'
import { useUrl } from '../../../lib/url'
import { Gauge, sendable, usePreview } from '../part/gauge'
import { PatientPicker } from '../part/picker'
import { Card } from '../part/who'
import { Thread } from './thread'

const tones: Record<Incoming['state'], Tone> = { new: 'info', coded: 'info', needs_person: 'warn', done: 'idle' }

/** Inbox shows replies at the left and, one click further, the thread with the patient's card (SM-01, SM-22). */
export function Inbox({ tab, writes }: { tab: string; writes: boolean }) {
  const t = useText(message)
  const c = useText(common)
  const url = useUrl()
  const narrow = useNarrow()
  const q = useInfiniteQuery({
    queryKey: ['message', 'inbox', tab], initialPageParam: '',
    queryFn: ({ signal, pageParam }) => call('GET /api/v1/messages/inbox', { query: { tab, cursor: pageParam, limit: 50 }, signal }),
    getNextPageParam: p => p.next || undefined,
  })
  const items = q.data?.pages.flatMap(p => p.items) ?? []
  const chosen = url.one('open')
  const at = items.findIndex(x => x.id === chosen)
  const current = items[at] ?? (narrow || chosen ? undefined : items[0])
  const open = (x: Incoming | undefined) => { if (x) { url.set({ open: x.id }); requestAnimationFrame(() => document.getElementById('in-' + x.id)?.scrollIntoView({ block: 'nearest' })) } }
  const walk = (by: number) => open(items[Math.max(0, Math.min(items.length - 1, (current ? items.indexOf(current) : -1) + by))])
  useKeys(c.keys.list, [
    { key: 'j', show: 'j k', label: t.keysNext, run: () => walk(1) }, { key: 'k', run: () => walk(-1) },
    { key: 'ArrowDown', run: () => walk(1) }, { key: 'ArrowUp', run: () => walk(-1) },
  ])
  if (q.error && !q.data) return <div className="panel"><Failure error={q.error} retry={() => void q.refetch()} /></div>
  if (q.isPending) return <div className="inbox" aria-busy="true"><div className="panel"><Skeleton active paragraph={{ rows: 10 }} /></div><div className="panel"><Skeleton active paragraph={{ rows: 6 }} /></div></div>
  if (items.length === 0) return <div className="panel"><State title={t.none[tab]} hint={t.noneHint[tab]} /></div>
  const detail = current && <Conversation key={current.id} x={current} writes={writes} next={() => walk(1)} />
  return (
    <div className="inbox">
      <section className="panel inbox-list" aria-label={t.list}>
        <ul>
          {items.map(x => (
            <li key={x.id}>
              <button id={'in-' + x.id} aria-current={x === current ? 'true' : undefined} className={(x === current ? 'on' : '') + (x.state === 'done' ? ' past' : '')} onClick={() => open(x)}>
                <Initial name={x.patient?.name ?? '?'} size={34} />
                <span className="inbox-main"><span className="row"><b>{x.patient?.name ?? t.unknownSender}</b><small className="sub">{x.patient ? '' : x.from}</small><span className="grow" /><small className="sub"><When at={x.at} time /></small></span>
                  <span className="inbox-text">{x.text}</span>
                  <span className="row"><StatusTag tone={tones[x.state] ?? 'info'}>{x.code_label && x.state !== 'done' ? t.recognised(x.code_label) : t.inboxStates[x.state] ?? x.state}</StatusTag>{x.owner_name && tab !== 'mine' && <small className="sub">{x.owner_name}</small>}</span></span>
              </button>
            </li>
          ))}
        </ul>
        {q.hasNextPage && <Button block loading={q.isFetchingNextPage} onClick={() => void q.fetchNextPage()}>{t.older}</Button>}
      </section>
      {narrow
        ? <Drawer open={!!chosen && !!current} onClose={() => url.set({ open: undefined })} size="100%" title={current?.patient?.name ?? t.unknownSender}>{detail}</Drawer>
        : <section className="panel inbox-detail" aria-label={t.thread}>{detail ?? <State title={t.choose} hint={t.chooseHint} />}</section>}
    </div>
  )
}

/** Conversation is one reply with its patient, the thread and the answer. */
function Conversation({ x, writes, next }: { x: Incoming; writes: boolean; next: () => void }) {
  const t = useText(message)
  const c = useText(common)
  const client = useQueryClient()
  const undo = useUndo()
  const fail = useFail()
  const draft = useDraft<string>('message.reply.' + x.id)
  const [text, setText] = useState(draft.restored?.value ?? '')
  const [busy, setBusy] = useState(false)
  const box = useRef<InputRef>(null)
  const preview = usePreview(x.patient?.id, text, 'care')
  const ready = sendable(preview.data) && text.trim() !== ''
  const refresh = () => { void client.invalidateQueries({ queryKey: ['message'] }); void client.invalidateQueries({ queryKey: ['session'] }) }
  const send = async () => {
    if (!ready || busy) return
    setBusy(true)
    try { await call('POST /api/v1/messages/inbox/{id}/reply', { path: { id: x.id }, body: { text: text.trim() } }); draft.drop(); setText(''); undo(t.replied); refresh() } catch (e) { fail(e) } finally { setBusy(false) }
  }
  const done = async () => { try { await call('POST /api/v1/messages/inbox/{id}/done', { path: { id: x.id } }); undo(t.doneSaid); next(); refresh() } catch (e) { fail(e) } }
  useKeys(c.keys.page, writes ? [
    ...(x.patient ? [{ key: 'r', label: t.keysReply, run: () => box.current?.focus() }] : []),
    ...(x.state !== 'done' ? [{ key: 'e', label: t.keysDone, run: () => void done() }] : []),
    { key: 'ctrl+Enter', label: t.send, anywhere: true, run: () => void send() },
  ] : [])
  return (
    <div className="stack">
      {x.patient
        ? <Card p={x.patient}>{x.task_id && <Link to="/" search={{ task: x.task_id } as never} className="ant-btn-like">{t.openTask}</Link>}{writes && x.state !== 'done' && <Button size="small" onClick={() => void done()}>{t.done} <Kbd k="e" /></Button>}</Card>
        : <Match x={x} writes={writes} onDone={refresh} done={() => void done()} />}
      {x.question && <p className="sub">{t.answerTo}：{x.question}{x.code_label && <> → <b>{t.recognised(x.code_label)}</b></>}</p>}
      {x.patient ? <Thread patient={x.patient.id} mark={x.id} /> : <ol className="chat"><li className="in"><div className="bubble"><p>{x.text}</p></div><small className="sub">{x.from} · <When at={x.at} time /></small></li></ol>}
      {x.patient && writes && <div className="reply">
        <Input.TextArea ref={box as never} aria-label={t.reply} placeholder={t.replyPlaceholder} autoSize={{ minRows: 2, maxRows: 6 }} value={text} onChange={e => { setText(e.target.value); draft.keep(e.target.value) }} />
        {text.trim() !== '' && <Gauge query={preview} idle={false} />}
        <div className="row"><span className="grow" /><Button type="primary" disabled={!ready} loading={busy} onClick={() => void send()}>{t.send}<Kbd k="ctrl+Enter" /></Button></div>
      </div>}
    </div>
  )
}

function Match({ x, writes, onDone, done }: { x: Incoming; writes: boolean; onDone: () => void; done: () => void }) {
  const t = useText(message)
  const undo = useUndo()
  const fail = useFail()
  const [patient, setPatient] = useState<string>()
  const go = async () => { if (!patient) return; try { await call('POST /api/v1/messages/inbox/{id}/match', { path: { id: x.id }, body: { patient_id: patient } }); undo(t.matched); onDone() } catch (e) { fail(e) } }
  return (
    <div className="match">
      <h2>{t.matchTitle} <small className="sub">{x.from}</small></h2>
      <p className="sub">{t.matchHint}</p>
      {writes && <div className="row"><PatientPicker className="kw" label={t.matchTitle} value={patient} onChange={setPatient} /><Button type="primary" disabled={!patient} onClick={() => void go()}>{t.match}</Button><Button onClick={done}>{t.done}</Button></div>}
    </div>
  )
}
