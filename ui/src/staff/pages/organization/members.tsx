import { Button, DatePicker, Input, Modal, Segmented, Select } from 'antd'
import { DeleteOutlined, ImportOutlined, PlusOutlined } from '@ant-design/icons'
import dayjs from 'dayjs'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { call } from '../../../api/call'
import '../../../api/contract/organization'
import type { MemberRow, OrganizationCard, Roll } from '../../../api/contract/organization'
import { ageOf } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { organization } from '../../../lib/text/organization'
import { DataTable, Empty, FilterBar, IconButton, SearchBox, Total, useFail, useUndo, type Column } from '../../../lib/ui'
import { useUrl } from '../../../lib/url'
import { useSession } from '../../session'
import { Field } from '../followup-template/step'
import { PatientPicker } from '../part/picker'
import { faultsOf } from './dialog'

/** Members lists who belongs to an organisation, by their number there; a list of hospital numbers makes many at once. */
export function Members({ org }: { org: OrganizationCard }) {
  const t = useText(organization)
  const c = useText(common)
  const url = useUrl()
  const navigate = useNavigate()
  const { may } = useSession()
  const fail = useFail()
  const undo = useUndo()
  const client = useQueryClient()
  const [text, setText] = useState('')
  const [dialog, setDialog] = useState<'add' | 'import'>()
  const former = url.one('former') === '1'
  const q = useQuery({
    queryKey: ['organization', org.id, 'members', text, former, url.one('cursor'), url.one('limit')], placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call('POST /api/v1/organizations/{id}/members/search', { path: { id: org.id }, body: { text, former, cursor: url.one('cursor'), limit: Number(url.one('limit')) || undefined }, signal }),
  })
  const fresh = () => client.invalidateQueries({ queryKey: ['organization'] })
  const edits = may('organization.member.update')
  const put = (m: MemberRow) => call('PUT /api/v1/organizations/{id}/members/{patient_id}', { path: { id: org.id, patient_id: m.patient_id }, body: { role: m.role, number: m.number, unit: m.unit, valid_from: m.valid_from, valid_to: m.valid_to } })
  const remove = useMutation({
    mutationFn: (m: MemberRow) => call('DELETE /api/v1/organizations/{id}/members/{patient_id}', { path: { id: org.id, patient_id: m.patient_id } }),
    onSuccess: (_, m) => { void fresh(); undo(t.members.removed, () => put(m).then(fresh).catch(fail)) },
    onError: fail,
  })
  const columns = useMemo<Column<MemberRow>[]>(() => [
    { key: 'name', title: t.members.name, fixedIn: true, width: 200, render: (_, m) => <><Link to="/patients/$id" params={{ id: m.patient_id }}><b>{m.patient.name}</b></Link> <small className="sub">{c.sexOf[m.patient.sex]} {ageOf(m.patient.birth_date)}</small></> },
    { key: 'number', title: t.members.number, width: 150, render: (_, m) => m.number },
    { key: 'role', title: t.members.role, width: 100, render: (_, m) => t.roles[m.role] ?? m.role },
    { key: 'unit', title: t.members.unit, render: (_, m) => m.unit },
    { key: 'from', title: t.members.from, width: 110, render: (_, m) => m.valid_from },
    { key: 'to', title: t.members.to, width: 110, render: (_, m) => m.valid_to || t.contract.noEnd },
    ...(edits ? [{ key: 'act', title: '', width: 56, render: (_: unknown, m: MemberRow) => <IconButton icon={<DeleteOutlined />} label={`${t.members.remove} ${m.patient.name}`} onClick={() => remove.mutate(m)} /> }] : []),
  ], [t, c, edits, remove])
  return (
    <>
      <FilterBar dirty={!!text} onClear={() => setText('')} tools={edits && <><Button icon={<PlusOutlined />} onClick={() => setDialog('add')}>{t.members.add}</Button><Button type="primary" icon={<ImportOutlined />} onClick={() => setDialog('import')}>{t.members.import}</Button></>}>
        <SearchBox value={text} onChange={v => { setText(v ?? ''); url.set({ cursor: undefined }) }} placeholder={t.members.search} />
        <Segmented aria-label={t.tabs.members} value={former ? '1' : '0'} onChange={v => url.set({ former: v === '1' ? '1' : undefined })} options={[{ value: '0', label: t.members.current }, { value: '1', label: t.members.former }]} />
        <Total query={q} words={t.members.count} />
      </FilterBar>
      <DataTable id="organization.member" query={q} columns={columns} rowKey={m => m.patient_id} onOpen={m => void navigate({ to: '/patients/$id', params: { id: m.patient_id } })} label={t.tabs.members}
        empty={former ? <Empty title={t.members.noneFormer} /> : <Empty title={t.members.none} hint={t.members.noneHint} action={edits && <Button type="primary" onClick={() => setDialog('import')}>{t.members.import}</Button>} />}
        card={m => <Link className="plain-card" to="/patients/$id" params={{ id: m.patient_id }}><b>{m.patient.name}</b><span className="sub">{[t.roles[m.role], m.number, m.unit].filter(Boolean).join(' · ')}</span></Link>} />
      {dialog === 'add' && <AddMember org={org} onClose={() => setDialog(undefined)} onDone={() => { void fresh(); setDialog(undefined); undo(t.members.saved) }} />}
      {dialog === 'import' && <ImportMembers org={org} onClose={() => setDialog(undefined)} onDone={() => void fresh()} />}
    </>
  )
}

function AddMember({ org, onClose, onDone }: { org: OrganizationCard; onClose: () => void; onDone: () => void }) {
  const t = useText(organization)
  const c = useText(common)
  const fail = useFail()
  const [who, setWho] = useState<string>()
  const [f, setF] = useState({ role: 'employee', number: '', unit: '', valid_to: '' })
  const [faults, setFaults] = useState<Record<string, string>>({})
  const save = useMutation({
    mutationFn: () => call('PUT /api/v1/organizations/{id}/members/{patient_id}', { path: { id: org.id, patient_id: who! }, body: f }),
    onSuccess: onDone,
    onError: e => { const byField = faultsOf(e); if (byField) setFaults(byField); else fail(e) },
  })
  return (
    <Modal open title={t.members.add} okText={c.save} cancelText={c.cancel} width={440} confirmLoading={save.isPending} okButtonProps={{ disabled: !who }} onOk={() => save.mutate()} onCancel={onClose}>
      <div className="stack">
        <Field label={t.members.patient} need><PatientPicker label={t.members.patient} autoFocus value={who} onChange={setWho} /></Field>
        <Field label={t.members.role} fault={faults.role}><Select className="full" aria-label={t.members.role} value={f.role} onChange={role => setF({ ...f, role })} options={Object.entries(t.roles).map(([value, label]) => ({ value, label }))} /></Field>
        <Field label={t.members.number} fault={faults.number}><Input aria-label={t.members.number} maxLength={40} value={f.number} onChange={e => setF({ ...f, number: e.target.value })} /></Field>
        <Field label={t.members.unit} fault={faults.unit}><Input aria-label={t.members.unit} maxLength={80} value={f.unit} onChange={e => setF({ ...f, unit: e.target.value })} /></Field>
        <Field label={t.members.to} hint={t.members.toHint} fault={faults.valid_to}><DatePicker aria-label={t.members.to} value={f.valid_to ? dayjs(f.valid_to) : null} onChange={d => setF({ ...f, valid_to: d ? d.format('YYYY-MM-DD') : '' })} /></Field>
      </div>
    </Modal>
  )
}

function ImportMembers({ org, onClose, onDone }: { org: OrganizationCard; onClose: () => void; onDone: () => void }) {
  const t = useText(organization)
  const c = useText(common)
  const fail = useFail()
  const [numbers, setNumbers] = useState('')
  const [role, setRole] = useState('employee')
  const [roll, setRoll] = useState<Roll>()
  const go = useMutation({ mutationFn: () => call('POST /api/v1/organizations/{id}/members', { path: { id: org.id }, body: { numbers, role } }), onSuccess: r => { setRoll(r); onDone() }, onError: fail })
  return (
    <Modal open title={t.members.import} okText={roll ? t.members.again : t.members.go} cancelText={roll ? c.close : c.cancel} width={520} confirmLoading={go.isPending} okButtonProps={{ disabled: !numbers.trim() }} onOk={() => { if (roll) { setRoll(undefined); setNumbers('') } else go.mutate() }} onCancel={onClose}>
      {roll ? (
        <div className="stack" role="status">
          <p><b>{t.members.result(roll.added, roll.already)}</b></p>
          {roll.missing.length > 0 && <><p>{t.members.missing(roll.missing.length)}</p><ul className="plain-list roll">{roll.missing.slice(0, 200).map(m => <li key={m.line}><span className="sub">{t.members.line(m.line)}</span> <b>{m.number}</b> {t.members.verdict[m.verdict] ?? m.verdict}</li>)}</ul></>}
        </div>
      ) : (
        <div className="stack">
          <p className="sub">{t.members.importHint}</p>
          <Input.TextArea autoFocus aria-label={t.members.import} autoSize={{ minRows: 8, maxRows: 16 }} value={numbers} onChange={e => setNumbers(e.target.value)} />
          <Field label={t.members.role}><Select className="full" aria-label={t.members.role} value={role} onChange={setRole} options={Object.entries(t.roles).map(([value, label]) => ({ value, label }))} /></Field>
        </div>
      )}
    </Modal>
  )
}
