import { Button, Checkbox, DatePicker, Input, InputNumber, Modal, Select } from 'antd'
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import dayjs from 'dayjs'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../../api/call'
import '../../../api/contract/organization'
import type { ContactPerson, Contract, OrganizationCard } from '../../../api/contract/organization'
import { dayOf, today, yuan } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { organization } from '../../../lib/text/organization'
import { IconButton, StatusTag, Tag, useFail, useUndo } from '../../../lib/ui'
import { Field } from '../followup-template/step'
import { faultsOf } from './dialog'

interface Props { org: OrganizationCard; edits: boolean }

/** useSaving runs a change of the card and reads it anew. */
function useSaving(org: OrganizationCard, onSaved?: () => void) {
  const client = useQueryClient()
  const fail = useFail()
  const [faults, setFaults] = useState<Record<string, string>>({})
  const m = useMutation({
    mutationFn: (fn: () => Promise<unknown>) => fn(),
    onSuccess: () => { void client.invalidateQueries({ queryKey: ['organization', org.id] }); onSaved?.() },
    onError: e => { const byField = faultsOf(e); if (byField) setFaults(byField); else fail(e) },
  })
  return { run: m.mutate, busy: m.isPending, faults, clear: () => setFaults({}) }
}

/** Contracts lists what was agreed, the newest first. */
export function Contracts({ org, edits }: Props) {
  const t = useText(organization)
  const undo = useUndo()
  const [open, setOpen] = useState<Contract | 'new'>()
  const gone = useSaving(org, () => undo(t.contract.removed))
  return (
    <>
      {edits && <p><Button icon={<PlusOutlined />} onClick={() => setOpen('new')}>{t.contract.add}</Button></p>}
      {org.contracts.length === 0 && <p className="sub">{t.contract.none}</p>}
      <ul className="plain-list">{org.contracts.map(x => (
        <li key={x.id} className="org-line">
          <div>{edits ? <button className="link" onClick={() => setOpen(x)}><b>{x.title}</b></button> : <b>{x.title}</b>} <small className="sub">{x.number}</small><br /><span className="sub">{x.valid_from} – {x.valid_to || t.contract.noEnd}{x.amount_fen > 0 && ` · ${yuan(x.amount_fen)}`}</span>{x.terms && <p className="org-text">{x.terms}</p>}</div>
          <StatusTag tone={x.current ? 'ok' : 'idle'}>{x.current ? t.contract.current : t.contract.past}</StatusTag>
          {edits && <IconButton icon={<DeleteOutlined />} label={`${t.contract.remove} ${x.title}`} onClick={() => gone.run(() => call('DELETE /api/v1/organizations/{id}/contracts/{contract_id}', { path: { id: org.id, contract_id: x.id } }))} />}
        </li>))}</ul>
      {open && <ContractDialog org={org} row={open === 'new' ? undefined : open} onClose={() => setOpen(undefined)} />}
    </>
  )
}

function ContractDialog({ org, row, onClose }: { org: OrganizationCard; row?: Contract; onClose: () => void }) {
  const t = useText(organization)
  const c = useText(common)
  const undo = useUndo()
  const [f, setF] = useState({ title: row?.title ?? '', number: row?.number ?? '', valid_from: row?.valid_from ?? today(), valid_to: row?.valid_to ?? '', amount_fen: row?.amount_fen ?? 0, terms: row?.terms ?? '' })
  const save = useSaving(org, () => { undo(t.saved); onClose() })
  const set = (patch: Partial<typeof f>) => { setF({ ...f, ...patch }); save.clear() }
  return (
    <Modal open title={t.contract.add} okText={t.contract.save} cancelText={c.cancel} width={480} confirmLoading={save.busy} okButtonProps={{ disabled: !f.title.trim() }} onOk={() => save.run(() => call('POST /api/v1/organizations/{id}/contracts', { path: { id: org.id }, body: { ...f, id: row?.id ?? '', version: row?.version ?? 0 } }))} onCancel={onClose}>
      <div className="stack">
        <Field label={t.contract.title} need fault={save.faults.title}><Input autoFocus aria-label={t.contract.title} maxLength={80} value={f.title} onChange={e => set({ title: e.target.value })} /></Field>
        <Field label={t.contract.number}><Input aria-label={t.contract.number} maxLength={40} value={f.number} onChange={e => set({ number: e.target.value })} /></Field>
        <span className="row">
          <Field label={t.contract.from} need fault={save.faults.valid_from}><DatePicker aria-label={t.contract.from} allowClear={false} value={dayjs(f.valid_from)} onChange={d => d && set({ valid_from: d.format('YYYY-MM-DD') })} /></Field>
          <Field label={t.contract.to} hint={t.members.toHint} fault={save.faults.valid_to}><DatePicker aria-label={t.contract.to} value={f.valid_to ? dayjs(f.valid_to) : null} onChange={d => set({ valid_to: d ? d.format('YYYY-MM-DD') : '' })} /></Field>
        </span>
        <Field label={t.contract.amount} fault={save.faults.amount_fen}><InputNumber aria-label={t.contract.amount} min={0} precision={2} value={f.amount_fen / 100} onChange={v => set({ amount_fen: Math.round((v ?? 0) * 100) })} /></Field>
        <Field label={t.contract.terms} fault={save.faults.terms}><Input.TextArea aria-label={t.contract.terms} maxLength={2000} autoSize={{ minRows: 3, maxRows: 10 }} value={f.terms} onChange={e => set({ terms: e.target.value })} /></Field>
      </div>
    </Modal>
  )
}

/** Contacts lists whom to speak with, the main one first. */
export function Contacts({ org, edits }: Props) {
  const t = useText(organization)
  const undo = useUndo()
  const [open, setOpen] = useState<ContactPerson | 'new'>()
  const gone = useSaving(org, () => undo(t.contact.removed))
  return (
    <>
      {edits && <p><Button icon={<PlusOutlined />} onClick={() => setOpen('new')}>{t.contact.add}</Button></p>}
      {org.contacts.length === 0 && <p className="sub">{t.contact.none}</p>}
      <ul className="plain-list">{org.contacts.map(x => (
        <li key={x.id} className="org-line">
          <div>{edits ? <button className="link" onClick={() => setOpen(x)}><b>{x.name}</b></button> : <b>{x.name}</b>} {x.post}{x.main && <Tag>{t.contact.main}</Tag>}<br /><span className="sub">{[x.phone, x.email, x.note].filter(Boolean).join(' · ')}</span></div>
          {edits && <IconButton icon={<DeleteOutlined />} label={`${t.contact.remove} ${x.name}`} onClick={() => gone.run(() => call('DELETE /api/v1/organizations/{id}/contacts/{contact_id}', { path: { id: org.id, contact_id: x.id } }))} />}
        </li>))}</ul>
      {open && <ContactDialog org={org} row={open === 'new' ? undefined : open} onClose={() => setOpen(undefined)} />}
    </>
  )
}

function ContactDialog({ org, row, onClose }: { org: OrganizationCard; row?: ContactPerson; onClose: () => void }) {
  const t = useText(organization)
  const c = useText(common)
  const undo = useUndo()
  const [f, setF] = useState({ name: row?.name ?? '', post: row?.post ?? '', phone: row?.phone ?? '', email: row?.email ?? '', main: row?.main ?? org.contacts.length === 0, note: row?.note ?? '' })
  const save = useSaving(org, () => { undo(t.saved); onClose() })
  const line = (key: 'name' | 'post' | 'phone' | 'email' | 'note') => <Field label={t.contact[key]} need={key === 'name'} fault={save.faults[key]}><Input aria-label={t.contact[key]} autoFocus={key === 'name'} maxLength={120} value={f[key]} onChange={e => { setF({ ...f, [key]: e.target.value }); save.clear() }} /></Field>
  return (
    <Modal open title={t.contact.add} okText={c.save} cancelText={c.cancel} width={440} confirmLoading={save.busy} okButtonProps={{ disabled: !f.name.trim() }} onOk={() => save.run(() => call('POST /api/v1/organizations/{id}/contacts', { path: { id: org.id }, body: { ...f, id: row?.id ?? '', version: row?.version ?? 0 } }))} onCancel={onClose}>
      <div className="stack">{line('name')}{line('post')}{line('phone')}{line('email')}<Checkbox checked={f.main} onChange={e => setF({ ...f, main: e.target.checked })}>{t.contact.main}</Checkbox>{line('note')}</div>
    </Modal>
  )
}

/** Calls is the log of our staff's visits and calls, newest first. */
export function Calls({ org, edits }: Props) {
  const t = useText(organization)
  const undo = useUndo()
  const [f, setF] = useState({ kind: 'visit', text: '', next_date: '' })
  const save = useSaving(org, () => { setF({ kind: f.kind, text: '', next_date: '' }); undo(t.call.saved) })
  const go = () => { if (f.text.trim() && !save.busy) save.run(() => call('POST /api/v1/organizations/{id}/calls', { path: { id: org.id }, body: f })) }
  return (
    <>
      {edits && (
        <div className="org-call stack" onKeyDown={e => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) go() }}>
          <Input.TextArea aria-label={t.call.text} placeholder={t.call.text} maxLength={2000} autoSize={{ minRows: 2, maxRows: 8 }} value={f.text} onChange={e => setF({ ...f, text: e.target.value })} />
          <span className="row"><Select aria-label={t.call.kind} value={f.kind} onChange={kind => setF({ ...f, kind })} options={Object.entries(t.call.kinds).map(([value, label]) => ({ value, label }))} /><DatePicker aria-label={t.call.next} placeholder={t.call.next} value={f.next_date ? dayjs(f.next_date) : null} onChange={d => setF({ ...f, next_date: d ? d.format('YYYY-MM-DD') : '' })} /><Button type="primary" disabled={!f.text.trim()} loading={save.busy} onClick={go}>{t.call.add}</Button></span>
        </div>
      )}
      {org.calls.length === 0 && <p className="sub">{t.call.none}</p>}
      <ul className="plain-list">{org.calls.map(x => <li key={x.id} className="org-line"><div><span className="sub">{dayOf(x.at)} · {t.call.kinds[x.kind] ?? x.kind} · {x.staff}{x.next_date && ` · ${t.call.nextOn(x.next_date)}`}</span><p className="org-text">{x.text}</p></div></li>)}</ul>
    </>
  )
}
