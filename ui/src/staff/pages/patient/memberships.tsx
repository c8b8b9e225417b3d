import { Button, DatePicker, Dropdown, Input, Modal, Select } from 'antd'
import { MoreOutlined, PlusOutlined } from '@ant-design/icons'
import dayjs from 'dayjs'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ApiError, call } from '../../../api/call'
import '../../../api/contract/organization'
import '../../../api/contract/profile'
import type { Membership } from '../../../api/contract/profile'
import { today } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { organization } from '../../../lib/text/organization'
import { profile } from '../../../lib/text/profile'
import { Panel, StatusTag, useFail, useUndo } from '../../../lib/ui'
import { Field } from '../followup-template/step'
import { useSession } from '../../session'

const noEnd = '9999-12-31'

/** Memberships shows the cards a patient holds and the organisations they belong to. */
export function Memberships({ id }: { id: string }) {
  const t = useText(profile)
  const o = useText(organization)
  const { may } = useSession()
  const fail = useFail()
  const undo = useUndo()
  const client = useQueryClient()
  const [open, setOpen] = useState<Membership | 'new'>()
  const cards = useQuery({ queryKey: ['patient', id, 'memberships'], enabled: may('profile.membership.read'), queryFn: ({ signal }) => call('GET /api/v1/patients/{id}/memberships', { path: { id }, signal }) })
  const units = useQuery({ queryKey: ['patient', id, 'organizations'], enabled: may('organization.member.read'), queryFn: ({ signal }) => call('GET /api/v1/patients/{id}/organizations', { path: { id }, signal }) })
  const fresh = () => client.invalidateQueries({ queryKey: ['patient', id, 'memberships'] })
  const remove = useMutation({ mutationFn: (m: Membership) => call('DELETE /api/v1/patients/{id}/memberships/{membership_id}', { path: { id, membership_id: m.id } }), onSuccess: () => { void fresh(); undo(t.member.removed) }, onError: fail })
  const edits = may('profile.membership.update')
  return (
    <>
      {may('profile.membership.read') && (
        <Panel title={t.member.title} extra={edits && <Button type="text" size="small" icon={<PlusOutlined />} onClick={() => setOpen('new')}>{t.member.add}</Button>}>
          {cards.data?.items.length === 0 && <p className="sub">{t.member.none}</p>}
          <ul className="contacts">{cards.data?.items.map(m => (
            <li key={m.id}>
              <div><span><b>{t.member.types[m.type] ?? m.type}</b> {m.number}</span><span className="sub">{m.valid_from} – {m.valid_to === noEnd ? t.member.noEnd : m.valid_to}{m.benefits && ` · ${m.benefits}`}</span></div>
              <StatusTag tone={m.state === 'current' ? 'ok' : 'idle'}>{t.member.state[m.state]}</StatusTag>
              {edits && <Dropdown trigger={['click']} menu={{ items: [{ key: 'edit', label: t.member.edit, onClick: () => setOpen(m) }, { key: 'remove', danger: true, label: t.member.remove, onClick: () => remove.mutate(m) }] }}><Button type="text" size="small" aria-label={`${t.member.edit} ${m.number}`} icon={<MoreOutlined />} /></Dropdown>}
            </li>))}</ul>
        </Panel>
      )}
      {!!units.data?.items.length && (
        <Panel title={t.org.title}>
          <ul className="contacts">{units.data.items.map(u => <li key={u.organization_id}><div><Link to="/organizations/$id" params={{ id: u.organization_id }}>{u.name}</Link><span className="sub">{[o.roles[u.role] ?? u.role, u.unit, u.number].filter(Boolean).join(' · ')}</span></div>{u.former && <StatusTag tone="idle">{t.org.former}</StatusTag>}</li>)}</ul>
        </Panel>
      )}
      {open && <MembershipDialog id={id} row={open === 'new' ? undefined : open} onClose={() => setOpen(undefined)} onDone={() => { void fresh(); setOpen(undefined); undo(t.member.saved) }} />}
    </>
  )
}

function MembershipDialog({ id, row, onClose, onDone }: { id: string; row?: Membership; onClose: () => void; onDone: () => void }) {
  const t = useText(profile)
  const c = useText(common)
  const fail = useFail()
  const [f, setF] = useState({ type: row?.type ?? 'standard', number: row?.number ?? '', valid_from: row?.valid_from ?? today(), valid_to: row && row.valid_to !== noEnd ? row.valid_to : '', benefits: row?.benefits ?? '' })
  const [faults, setFaults] = useState<Record<string, string>>({})
  const set = (patch: Partial<typeof f>) => { setF({ ...f, ...patch }); setFaults({}) }
  const save = useMutation({
    mutationFn: () => {
      const body = { ...f, version: row?.version }
      return row ? call('PUT /api/v1/patients/{id}/memberships/{membership_id}', { path: { id, membership_id: row.id }, body }) : call('POST /api/v1/patients/{id}/memberships', { path: { id }, body }).then(() => undefined)
    },
    onSuccess: onDone,
    onError: e => { if (e instanceof ApiError && e.fields.length) setFaults(Object.fromEntries(e.fields.map(x => [x.field, x.message]))); else fail(e) },
  })
  return (
    <Modal open title={t.member.title} okText={t.member.save} cancelText={c.cancel} width={460} confirmLoading={save.isPending} okButtonProps={{ disabled: !f.number.trim() }} onOk={() => save.mutate()} onCancel={onClose}>
      <div className="stack" onKeyDown={e => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) save.mutate() }}>
        <Field label={t.member.type} need fault={faults.type}><Select className="full" aria-label={t.member.type} value={f.type} onChange={v => set({ type: v })} options={Object.entries(t.member.types).map(([value, label]) => ({ value, label }))} /></Field>
        <Field label={t.member.number} need fault={faults.number}><Input autoFocus aria-label={t.member.number} maxLength={40} value={f.number} onChange={e => set({ number: e.target.value })} /></Field>
        <Field label={t.member.from} fault={faults.valid_from}><DatePicker aria-label={t.member.from} allowClear={false} value={dayjs(f.valid_from)} onChange={d => d && set({ valid_from: d.format('YYYY-MM-DD') })} /></Field>
        <Field label={t.member.to} hint={t.member.toHint} fault={faults.valid_to}><DatePicker aria-label={t.member.to} value={f.valid_to ? dayjs(f.valid_to) : null} onChange={d => set({ valid_to: d ? d.format('YYYY-MM-DD') : '' })} /></Field>
        <Field label={t.member.benefits} fault={faults.benefits}><Input.TextArea aria-label={t.member.benefits} maxLength={500} autoSize={{ minRows: 2, maxRows: 6 }} value={f.benefits} onChange={e => set({ benefits: e.target.value })} /></Field>
      </div>
    </Modal>
  )
}
