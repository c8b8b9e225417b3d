import { Button, Drawer, Input, Segmented, Select } from 'antd'
import { PlusOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { ApiError, call } from '../../../api/call'
import type { MessageTemplate } from '../../../api/contract/lookup'
import type { TemplateWords } from '../../../api/contract/message'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { message } from '../../../lib/text/message'
import { part } from '../../../lib/text/part'
import { DataTable, Empty, StatusTag, useFail, useUndo, type Column } from '../../../lib/ui'
import { useSession } from '../../session'
import { fill } from '../followup-template/model'
import { Field } from '../followup-template/step'
import { measure } from '../part/gauge'

/** Templates of single messages. */
export default function Templates() {
  const t = useText(message)
  const p = useText(part)
  const { may } = useSession()
  const edits = may('message.template.update')
  const [open, setOpen] = useState<MessageTemplate | 'new'>()
  const q = useQuery({ queryKey: ['message', 'template'], queryFn: ({ signal }) => call('GET /api/v1/message-templates', { signal }) })
  const columns = useMemo<Column<MessageTemplate>[]>(() => [
    { key: 'name', title: t.tpl.name, fixedIn: true, render: (_, r) => <button className="link" onClick={() => setOpen(r)}><b>{r.name}</b></button> },
    { key: 'code', title: t.tpl.code, render: (_, r) => <small className="sub">{r.code}</small> },
    { key: 'purpose', title: t.tpl.purpose, render: (_, r) => p.purposes[r.purpose] ?? r.purpose },
    { key: 'text', title: t.tpl.text, width: 460, render: (_, r) => <span className="cut" title={r.text}>{r.text}</span> },
    { key: 'state', title: t.tpl.state, render: (_, r) => <StatusTag tone={r.state === 'retired' ? 'idle' : r.state === 'draft' ? 'wait' : 'ok'}>{t.tpl.states[r.state] ?? r.state}</StatusTag> },
    { key: 'version', title: t.tpl.version, align: 'right', render: (_, r) => r.version },
  ], [t, p])
  return (
    <>
      {edits && <div className="filters"><span className="grow" /><Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen('new')}>{t.tpl.create}</Button></div>}
      <DataTable id="message.template" whole query={q} columns={columns} rowKey={r => r.id} onOpen={setOpen} label={t.tpl.title}
        empty={<Empty title={t.tpl.none} hint={t.tpl.noneHint} action={edits && <Button type="primary" onClick={() => setOpen('new')}>{t.tpl.create}</Button>} />}
        card={r => <button className="plain-card bare" onClick={() => setOpen(r)}><span className="row"><b>{r.name}</b><span className="grow" /><StatusTag tone={r.state === 'retired' ? 'idle' : 'ok'}>{t.tpl.states[r.state] ?? r.state}</StatusTag></span><span className="sub">{r.text}</span></button>} />
      {open && <Edit row={open === 'new' ? undefined : open} locked={!edits} onClose={() => setOpen(undefined)} />}
    </>
  )
}

function Edit({ row, locked, onClose }: { row?: MessageTemplate; locked: boolean; onClose: () => void }) {
  const t = useText(message)
  const c = useText(common)
  const p = useText(part)
  const client = useQueryClient()
  const fail = useFail()
  const undo = useUndo()
  const [v, setV] = useState<TemplateWords>({ code: row?.code ?? '', name: row?.name ?? '', family: row?.family ?? 'notice', purpose: row?.purpose ?? 'care', text: row?.text ?? '', state: row?.state ?? 'draft' })
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [busy, setBusy] = useState(false)
  const set = (patch: Partial<TemplateWords>) => { setV({ ...v, ...patch }); setFaults({}) }
  const sample = fill(v.text, t.tpl.sample)
  const size = measure(sample)
  const save = async () => {
    setBusy(true)
    try {
      if (row) await call('PUT /api/v1/message-templates/{id}', { path: { id: row.id }, body: { ...v, version: row.version } })
      else await call('POST /api/v1/message-templates', { body: v })
      void client.invalidateQueries({ queryKey: ['message', 'template'] })
      undo(t.tpl.saved)
      onClose()
    } catch (e) {
      if (e instanceof ApiError && e.fields.length) setFaults(Object.fromEntries(e.fields.map(f => [f.field, f.message])))
      else fail(e)
      setBusy(false)
    }
  }
  return (
    <Drawer open onClose={onClose} size={520} title={row?.name ?? t.tpl.create} extra={!locked && <Button type="primary" loading={busy} disabled={!v.name.trim() || !v.code.trim() || !v.text.trim()} onClick={() => void save()}>{c.save}</Button>}>
      <div className="stack">
        <div className="fields">
          <Field label={t.tpl.name} need fault={faults.name}><Input autoFocus value={v.name} maxLength={60} disabled={locked} onChange={e => set({ name: e.target.value })} /></Field>
          <Field label={t.tpl.code} need hint={row ? undefined : t.tpl.codeHint} fault={faults.code}><Input value={v.code} maxLength={40} disabled={locked || !!row} onChange={e => set({ code: e.target.value.trim() })} /></Field>
          <Field label={t.tpl.family} fault={faults.family}><Select value={v.family || undefined} disabled={locked} onChange={family => set({ family })} options={Object.entries(t.tpl.families).map(([value, label]) => ({ value, label }))} /></Field>
          <Field label={t.tpl.state} fault={faults.state}><Select value={v.state} disabled={locked} onChange={state => set({ state })} options={['draft', 'approved', 'retired'].map(s => ({ value: s, label: t.tpl.states[s] }))} /></Field>
        </div>
        <div className="fld" role="group" aria-label={t.purpose}><span className="fld-label">{t.purpose}</span><Segmented value={v.purpose} disabled={locked} onChange={x => set({ purpose: String(x) })} options={Object.entries(p.purposes).map(([value, label]) => ({ value, label }))} /></div>
        <Field label={t.tpl.text} need fault={faults.text}><Input.TextArea autoSize={{ minRows: 4, maxRows: 10 }} value={v.text} disabled={locked} onChange={e => set({ text: e.target.value })} /></Field>
        {!locked && <div className="row" role="group" aria-label={t.tpl.insert}><span className="sub">{t.tpl.insert}</span>{Object.entries(t.tpl.varNames).map(([k, label]) => <Button key={k} size="small" onClick={() => set({ text: `${v.text}{{${k}}}` })}>{label}</Button>)}</div>}
        {v.text && <blockquote className="sms"><small>{t.tpl.sampleTitle} · {t.tpl.estimate(size.units, size.parts)}</small>{sample}</blockquote>}
      </div>
    </Drawer>
  )
}
