import { Button, Drawer, Input, Modal, Segmented } from 'antd'
import { ApiOutlined, CopyOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, call } from '../../../api/call'
import type { Hook, HookWithToken } from '../../../api/contract/hook'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { hook as words } from '../../../lib/text/hook'
import { Failure, Panel, StatusTag, useFail, useUndo, When } from '../../../lib/ui'
import { useSession } from '../../session'
import { Field } from '../followup-template/step'

/** Hooks are the systems that push to us; an administrator admits them, changes their tokens and ends them (IN-01). */
export function Hooks() {
  const t = useText(words)
  const { may } = useSession()
  const client = useQueryClient()
  const fail = useFail()
  const undo = useUndo()
  const [open, setOpen] = useState<Hook | 'new'>()
  const [shown, setShown] = useState<HookWithToken>()
  const [dialog, holder] = Modal.useModal()
  const edits = may('setting.setting.update')
  const q = useQuery({ queryKey: ['intake', 'hook'], queryFn: ({ signal }) => call('GET /api/v1/intake/hooks', { signal }) })
  const fresh = () => void client.invalidateQueries({ queryKey: ['intake'] })
  const rotate = async (h: Hook) => {
    if (h.active && !await dialog.confirm({ title: t.rotateAsk(h.name), okText: t.rotate })) return
    try { setShown(await call('POST /api/v1/intake/hooks/{id}/rotate', { path: { id: h.id } })); fresh() } catch (e) { fail(e) }
  }
  const revoke = async (h: Hook) => {
    if (!await dialog.confirm({ title: t.revokeAsk(h.name), okText: t.revoke, okButtonProps: { danger: true } })) return
    try { await call('POST /api/v1/intake/hooks/{id}/revoke', { path: { id: h.id } }); undo(t.gone); fresh() } catch (e) { fail(e) }
  }
  if (!edits && q.data?.items.length === 0) return null
  return (
    <Panel title={t.title} note={t.note} extra={edits && <Button size="small" icon={<ApiOutlined />} onClick={() => setOpen('new')}>{t.add}</Button>}>
      {q.error && !q.data ? <Failure error={q.error} retry={() => void q.refetch()} /> : !q.data ? <div aria-busy="true" className="sub">…</div>
        : q.data.items.length === 0 ? <p className="sub">{t.none}{t.noneHint}</p>
          : <ul className="plain-list hooks">
            {q.data.items.map(h => (
              <li key={h.id}>
                <div className="row"><b>{h.name}</b><span className="sub">{t.formats[h.format] ?? h.format}</span><StatusTag tone={h.active ? 'ok' : 'idle'}>{h.active ? t.active : t.revoked}</StatusTag><span className="grow" />
                  {edits && <><Button size="small" onClick={() => setOpen(h)}>{t.edit}</Button><Button size="small" onClick={() => void rotate(h)}>{h.active ? t.rotate : t.restore}</Button>{h.active && <Button size="small" danger onClick={() => void revoke(h)}>{t.revoke}</Button>}</>}</div>
                <div className="row sub"><span>{t.address} <code>{location.origin + h.path}</code></span><span>{t.from} {h.allow || t.anywhere}</span><span>{t.seen} {h.seen_at ? <When at={h.seen_at} time /> : t.never}</span><span>{t.made} <When at={h.rotated_at} /></span></div>
              </li>
            ))}
          </ul>}
      {holder}
      {open && <Edit row={open === 'new' ? undefined : open} onClose={() => setOpen(undefined)} onDone={made => { setOpen(undefined); fresh(); if (made) setShown(made); else undo(t.saved) }} />}
      {shown && <Token row={shown} onClose={() => setShown(undefined)} />}
    </Panel>
  )
}

const lines = (m: Record<string, string>) => Object.entries(m).map(([k, v]) => `${k} = ${v}`).join('\n')

/** read turns lines of key = value into an object; a line without the sign gives undefined. The key may hold the sign itself. */
function read(s: string): Record<string, string> | undefined {
  const out: Record<string, string> = {}
  for (const line of s.split('\n').map(x => x.trim()).filter(Boolean)) {
    const i = line.indexOf(' = ') >= 0 ? line.indexOf(' = ') + 1 : line.indexOf('=')
    if (i <= 0) return undefined
    out[line.slice(0, i).trim()] = line.slice(i + 1).trim()
  }
  return out
}

function Edit({ row, onClose, onDone }: { row?: Hook; onClose: () => void; onDone: (made?: HookWithToken) => void }) {
  const t = useText(words)
  const c = useText(common)
  const fail = useFail()
  const [name, setName] = useState('')
  const [format, setFormat] = useState('fhir')
  const [allow, setAllow] = useState(row?.allow ?? '')
  const [issuer, setIssuer] = useState(row?.issuer ?? '')
  const [systems, setSystems] = useState(lines(row?.systems ?? {}))
  const [paths, setPaths] = useState(lines(row?.paths ?? {}))
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [busy, setBusy] = useState(false)
  const kind = row?.format ?? format
  const [s, p] = [read(systems), read(paths)]
  const save = async () => {
    setBusy(true)
    try {
      const body = { allow: allow.trim(), issuer: issuer.trim(), systems: s ?? {}, paths: kind === 'v3' ? p ?? {} : {} }
      if (row) { await call('PATCH /api/v1/intake/hooks/{id}', { path: { id: row.id }, body: { ...body, version: row.version } }); onDone() }
      else onDone(await call('POST /api/v1/intake/hooks', { body: { ...body, name: name.trim(), format } }))
    } catch (e) {
      if (e instanceof ApiError && e.fields.length) setFaults(Object.fromEntries(e.fields.map(f => [f.field, f.message])))
      else fail(e)
      setBusy(false)
    }
  }
  return (
    <Drawer open onClose={onClose} size={520} title={row?.name ?? t.add} extra={<Button type="primary" loading={busy} disabled={!row && !name.trim() || !s || kind === 'v3' && !p} onClick={() => void save()}>{c.save}</Button>}>
      <div className="stack">
        {!row && <Field label={t.name} need hint={t.nameHint} fault={faults.name}><Input autoFocus value={name} maxLength={60} onChange={e => { setName(e.target.value); setFaults({}) }} /></Field>}
        {!row && <Field label={t.format}><Segmented value={format} onChange={v => setFormat(String(v))} options={['fhir', 'v3'].map(value => ({ value, label: t.formats[value] }))} /></Field>}
        <Field label={t.allow} hint={t.allowHint} fault={faults.allow}><Input value={allow} onChange={e => { setAllow(e.target.value); setFaults({}) }} /></Field>
        <Field label={t.issuer} hint={t.issuerHint}><Input value={issuer} onChange={e => setIssuer(e.target.value)} /></Field>
        <Field label={t.systems} hint={t.systemsHint} fault={s ? faults.options : t.bad}><Input.TextArea autoSize={{ minRows: 3 }} spellCheck={false} value={systems} onChange={e => { setSystems(e.target.value); setFaults({}) }} /></Field>
        {kind === 'v3' && <Field label={t.paths} hint={t.pathsHint} fault={p ? undefined : t.bad}><Input.TextArea autoSize={{ minRows: 3 }} spellCheck={false} value={paths} onChange={e => { setPaths(e.target.value); setFaults({}) }} /></Field>}
      </div>
    </Drawer>
  )
}

function Token({ row, onClose }: { row: HookWithToken; onClose: () => void }) {
  const t = useText(words)
  const [copied, setCopied] = useState(false)
  const url = location.origin + row.path
  const sample = row.format === 'fhir' ? `curl -X POST ${url} \\\n  -H 'Authorization: Bearer ${row.token}' \\\n  -H 'Content-Type: application/fhir+json' --data @patient.json`
    : `curl -X POST ${url} \\\n  -H 'Authorization: Bearer ${row.token}' \\\n  -H 'Content-Type: text/xml; charset=utf-8' --data-binary @message.xml`
  const copy = async () => {
    try { await navigator.clipboard.writeText(row.token); setCopied(true) } catch { setCopied(false) } // without a secure context the text is selected by hand
  }
  return (
    <Modal open title={t.tokenTitle(row.name)} onCancel={onClose} mask={{ closable: false }} footer={<Button type="primary" onClick={onClose}>{t.close}</Button>}>
      <div className="stack">
        <p className="late">{t.tokenOnce}</p>
        <div className="row"><Input readOnly aria-label={t.tokenTitle(row.name)} value={row.token} onFocus={e => e.target.select()} /><Button icon={<CopyOutlined />} onClick={() => void copy()}>{copied ? t.copied : t.copy}</Button></div>
        <div><p className="sub">{t.usage}</p><pre className="raw">{sample}</pre></div>
      </div>
    </Modal>
  )
}
