import { Button, Checkbox, Dropdown, Input, Modal, Segmented, Select } from 'antd'
import { HomeOutlined, MoreOutlined, PlusOutlined } from '@ant-design/icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ApiError, call } from '../../../api/call'
import '../../../api/contract/relation'
import type { Relative } from '../../../api/contract/relation'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { profile } from '../../../lib/text/profile'
import { Panel, Tag, useFail, useUndo } from '../../../lib/ui'
import { Field } from '../followup-template/step'
import { PatientPicker } from '../part/picker'

/** Relatives shows who belongs to a patient, who lives with them, and who is called in their place. */
export function Relatives({ id, canEdit }: { id: string; canEdit: boolean }) {
  const t = useText(profile)
  const fail = useFail()
  const undo = useUndo()
  const client = useQueryClient()
  const [open, setOpen] = useState<Relative | 'new'>()
  const q = useQuery({ queryKey: ['patient', id, 'relations'], queryFn: ({ signal }) => call('GET /api/v1/patients/{id}/relations', { path: { id }, signal }) })
  const home = useQuery({ queryKey: ['patient', id, 'household'], enabled: !!q.data?.items.some(r => r.household), queryFn: ({ signal }) => call('GET /api/v1/patients/{id}/household', { path: { id }, signal }) })
  const fresh = () => client.invalidateQueries({ queryKey: ['patient'] })
  const remove = useMutation({ mutationFn: (r: Relative) => call('DELETE /api/v1/patients/{id}/relations/{relation_id}', { path: { id, relation_id: r.id } }), onSuccess: () => { void fresh(); undo(t.rel.removed) }, onError: fail })
  const list = q.data?.items ?? []
  const beyond = (home.data?.items ?? []).filter(m => m.via === 'indirect')
  return (
    <Panel title={t.rel.title} extra={canEdit && <Button type="text" size="small" icon={<PlusOutlined />} onClick={() => setOpen('new')}>{t.rel.add}</Button>}>
      {q.data && list.length === 0 && <p className="sub">{t.rel.none}</p>}
      <ul className="contacts">
        {list.map(r => (
          <li key={r.id}>
            <div>
              <span><b>{r.in_scope ? <Link to="/patients/$id" params={{ id: r.relative_id }}>{r.name}</Link> : r.name}</b> {t.rel.kinds[r.kind] ?? r.kind}{r.household && <> <HomeOutlined aria-label={t.rel.household} title={t.rel.household} /></>}</span>
              <span className="sub">{[r.phone, r.note].filter(Boolean).join(' · ') || (!r.in_scope && !r.phone ? t.rel.out : '')}</span>
            </div>
            {r.care && <Tag>{t.rel.careTag}</Tag>}{r.notice && <Tag>{t.rel.noticeTag}</Tag>}
            {canEdit && <Dropdown trigger={['click']} menu={{ items: [{ key: 'edit', label: t.rel.edit, onClick: () => setOpen(r) }, { key: 'remove', danger: true, label: t.rel.remove, onClick: () => remove.mutate(r) }] }}><Button type="text" size="small" aria-label={`${t.rel.edit} ${r.name}`} icon={<MoreOutlined />} /></Dropdown>}
          </li>
        ))}
        {beyond.map((m, i) => <li key={i}><div><span><b>{m.in_scope ? <Link to="/patients/$id" params={{ id: m.relative_id }}>{m.name}</Link> : m.name}</b> <HomeOutlined aria-hidden="true" /></span><span className="sub">{t.rel.indirect}</span></div></li>)}
      </ul>
      {open && <RelationDialog id={id} row={open === 'new' ? undefined : open} onClose={() => setOpen(undefined)} onDone={() => { void fresh(); setOpen(undefined); undo(t.rel.saved) }} />}
    </Panel>
  )
}

function RelationDialog({ id, row, onClose, onDone }: { id: string; row?: Relative; onClose: () => void; onDone: () => void }) {
  const t = useText(profile)
  const c = useText(common)
  const fail = useFail()
  const [mode, setMode] = useState<'patient' | 'person'>('patient')
  const [f, setF] = useState({ kind: row?.kind ?? 'mother', relative_id: row?.relative_id || undefined, name: row?.relative_id ? '' : row?.name ?? '', phone: '', care: row?.care ?? true, notice: row?.notice ?? true, household: row?.household ?? false, note: row?.note ?? '' })
  const [faults, setFaults] = useState<Record<string, string>>({})
  const set = (patch: Partial<typeof f>) => { setF({ ...f, ...patch }); setFaults({}) }
  const person = row ? !row.in_scope && !row.relative_id : mode === 'person'
  const save = useMutation({
    mutationFn: () => {
      const body = { ...f, relative_id: person ? undefined : f.relative_id, name: f.name.trim(), phone: f.phone.trim(), note: f.note.trim(), version: row?.version }
      return row ? call('PUT /api/v1/patients/{id}/relations/{relation_id}', { path: { id, relation_id: row.id }, body }) : call('POST /api/v1/patients/{id}/relations', { path: { id }, body }).then(() => undefined)
    },
    onSuccess: onDone,
    onError: e => { if (e instanceof ApiError && e.fields.length) setFaults(Object.fromEntries(e.fields.map(x => [x.field, x.message]))); else fail(e) },
  })
  return (
    <Modal open title={t.rel.title} okText={t.rel.save} cancelText={c.cancel} width={460} confirmLoading={save.isPending} okButtonProps={{ disabled: !row && (person ? !f.name.trim() : !f.relative_id) }} onOk={() => save.mutate()} onCancel={onClose}>
      <div className="stack" onKeyDown={e => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) save.mutate() }}>
        {!row && <div className="fld" role="group" aria-label={t.rel.mode}><Segmented value={mode} onChange={v => setMode(v as 'patient' | 'person')} options={[{ value: 'patient', label: t.rel.who }, { value: 'person', label: t.rel.person }]} /></div>}
        {!row && !person && <Field label={t.rel.who} need fault={faults.relative_id}><PatientPicker label={t.rel.who} autoFocus value={f.relative_id} onChange={v => set({ relative_id: v })} /></Field>}
        {person && <Field label={t.rel.name} need fault={faults.name}><Input aria-label={t.rel.name} maxLength={40} value={f.name} onChange={e => set({ name: e.target.value })} /></Field>}
        {person && <Field label={t.rel.phone} fault={faults.phone}><Input aria-label={t.rel.phone} placeholder={row?.phone} maxLength={40} value={f.phone} onChange={e => set({ phone: e.target.value })} /></Field>}
        <Field label={t.rel.kind} need fault={faults.kind}><Select className="full" aria-label={t.rel.kind} showSearch={{ optionFilterProp: 'label' }} value={f.kind} onChange={v => set({ kind: v })} options={Object.entries(t.rel.kinds).map(([value, label]) => ({ value, label }))} /></Field>
        <Checkbox checked={f.care} onChange={e => set({ care: e.target.checked })}>{t.rel.care}</Checkbox>
        <Checkbox checked={f.notice} onChange={e => set({ notice: e.target.checked })}>{t.rel.notice}</Checkbox>
        <Checkbox checked={f.household} onChange={e => set({ household: e.target.checked })}>{t.rel.household}</Checkbox>
        <Field label={t.rel.note} fault={faults.note}><Input aria-label={t.rel.note} maxLength={200} value={f.note} onChange={e => set({ note: e.target.value })} /></Field>
      </div>
    </Modal>
  )
}
