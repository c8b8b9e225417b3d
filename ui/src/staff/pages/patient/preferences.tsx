import { Button, DatePicker, Dropdown, Input, Modal, Select } from 'antd'
import { MoreOutlined, PlusOutlined } from '@ant-design/icons'
import dayjs from 'dayjs'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, call } from '../../../api/call'
import '../../../api/contract/profile'
import type { Preference, Severity } from '../../../api/contract/profile'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { profile } from '../../../lib/text/profile'
import { Panel, StatusTag, useFail, useUndo } from '../../../lib/ui'
import { Field } from '../followup-template/step'
import { useBanner, usePreferenceText } from '../part/banner'
import { useSession } from '../../session'

/** Preferences lists what must be respected with a patient and lets it be changed. */
export function Preferences({ id }: { id: string }) {
  const t = useText(profile)
  const say = usePreferenceText()
  const { may } = useSession()
  const undo = useUndo()
  const fail = useFail()
  const client = useQueryClient()
  const q = useBanner(id)
  const [open, setOpen] = useState<Preference | 'new'>()
  const fresh = () => client.invalidateQueries({ queryKey: ['patient', id, 'banner'] })
  const end = useMutation({
    mutationFn: (p: Preference) => call('DELETE /api/v1/patients/{id}/preferences/{preference_id}', { path: { id, preference_id: p.id } }),
    onSuccess: (_, p) => { void fresh(); undo(t.pref.ended, () => call('POST /api/v1/patients/{id}/preferences/{preference_id}/restore', { path: { id, preference_id: p.id } }).then(fresh).catch(fail)) },
    onError: fail,
  })
  if (!may('profile.preference.read')) return null
  const edits = may('profile.preference.update')
  const list = q.data?.preferences ?? []
  return (
    <Panel title={t.pref.title} extra={edits && <Button type="text" size="small" icon={<PlusOutlined />} onClick={() => setOpen('new')}>{t.pref.add}</Button>}>
      {list.length === 0 ? <p className="sub">{t.pref.none}</p> : (
        <ul className="contacts">{list.map(p => (
          <li key={p.id}>
            <div><span>{say(p)}</span>{p.valid_until && <span className="sub">{t.banner.until(p.valid_until)}</span>}</div>
            <StatusTag tone={p.severity === 'danger' ? 'bad' : p.severity === 'caution' ? 'warn' : 'idle'}>{t.severities[p.severity]}</StatusTag>
            {edits && <Dropdown trigger={['click']} menu={{ items: [...(p.hidden ? [] : [{ key: 'edit', label: t.pref.edit, onClick: () => setOpen(p) }]), { key: 'end', label: t.pref.end, onClick: () => end.mutate(p) }] }}><Button type="text" size="small" aria-label={`${t.pref.edit} ${t.kinds[p.kind] ?? p.kind}`} icon={<MoreOutlined />} /></Dropdown>}
          </li>))}</ul>
      )}
      {open && <PreferenceDialog id={id} row={open === 'new' ? undefined : open} onClose={() => setOpen(undefined)} onDone={() => { void fresh(); setOpen(undefined); undo(t.pref.saved) }} />}
    </Panel>
  )
}

function PreferenceDialog({ id, row, onClose, onDone }: { id: string; row?: Preference; onClose: () => void; onDone: () => void }) {
  const t = useText(profile)
  const c = useText(common)
  const fail = useFail()
  const kinds = useQuery({ queryKey: ['profile', 'kinds'], staleTime: Infinity, queryFn: ({ signal }) => call('GET /api/v1/preference-kinds', { signal }) })
  const [kind, setKind] = useState(row?.kind ?? 'call_hours')
  const [value, setValue] = useState(row?.value ?? '10:00-18:00')
  const [note, setNote] = useState(row?.note ?? '')
  const [severity, setSeverity] = useState<Severity | undefined>(row?.severity)
  const [until, setUntil] = useState(row?.valid_until ?? '')
  const [faults, setFaults] = useState<Record<string, string>>({})
  const k = kinds.data?.items.find(x => x.code === kind)
  const choose = (code: string) => {
    const next = kinds.data?.items.find(x => x.code === code)
    setKind(code); setSeverity(undefined); setFaults({})
    setValue(next?.hours ? '10:00-18:00' : next?.values?.[0] ?? '')
  }
  const [from = '', to = ''] = k?.hours ? value.split('-') : []
  const save = useMutation({
    mutationFn: () => {
      const body = { kind, value, note: note.trim(), severity: severity ?? k?.severity, valid_until: until, version: row?.version }
      return row ? call('PUT /api/v1/patients/{id}/preferences/{preference_id}', { path: { id, preference_id: row.id }, body }) : call('POST /api/v1/patients/{id}/preferences', { path: { id }, body }).then(() => undefined)
    },
    onSuccess: onDone,
    onError: e => { if (e instanceof ApiError && e.fields.length) setFaults(Object.fromEntries(e.fields.map(f => [f.field, f.message]))); else fail(e) },
  })
  return (
    <Modal open title={t.pref.title} okText={t.pref.save} cancelText={c.cancel} width={460} confirmLoading={save.isPending} onOk={() => save.mutate()} onCancel={onClose}>
      <div className="stack" onKeyDown={e => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) save.mutate() }}>
        <Field label={t.pref.kind} need fault={faults.kind}><Select autoFocus className="full" aria-label={t.pref.kind} value={kind} onChange={choose} options={kinds.data?.items.map(x => ({ value: x.code, label: t.kinds[x.code] ?? x.code }))} /></Field>
        {k?.hours && <Field label={t.pref.value} need fault={faults.value}><span className="row"><Input type="time" className="clock" aria-label={t.pref.from} value={from} onChange={e => setValue(`${e.target.value}-${to}`)} /><span>–</span><Input type="time" className="clock" aria-label={t.pref.to} value={to} onChange={e => setValue(`${from}-${e.target.value}`)} /></span></Field>}
        {!!k?.values?.length && <Field label={t.pref.value} need fault={faults.value}><Select className="full" aria-label={t.pref.value} showSearch={{ optionFilterProp: 'label' }} value={value} onChange={setValue} options={k.values.map(x => ({ value: x, label: t.values[x] ?? x }))} /></Field>}
        <Field label={t.pref.note} fault={faults.note}><Input aria-label={t.pref.note} placeholder={k?.clinical ? t.pref.noteHint : undefined} maxLength={200} value={note} onChange={e => { setNote(e.target.value); setFaults({}) }} /></Field>
        <Field label={t.pref.severity} fault={faults.severity}><Select className="full" aria-label={t.pref.severity} value={severity ?? k?.severity} onChange={setSeverity} options={(['note', 'caution', 'danger'] as const).map(x => ({ value: x, label: t.severities[x] }))} /></Field>
        <Field label={t.pref.until} hint={t.pref.untilHint} fault={faults.valid_until}><DatePicker aria-label={t.pref.until} value={until ? dayjs(until) : null} onChange={d => setUntil(d ? d.format('YYYY-MM-DD') : '')} /></Field>
      </div>
    </Modal>
  )
}
