import { Button, Input, Popconfirm, Select, Segmented } from 'antd'
import { PlusOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, call } from '../../../api/call'
import type { Carer } from '../../../api/contract/structure'
import { addDays, dayOf, exact, now } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { structure } from '../../../lib/text/structure'
import { Failure, PageSkeleton, Panel, State, StatusTag, useFail, useUndo } from '../../../lib/ui'
import { useSession } from '../../session'
import { Field } from '../followup-template/step'
import { moment } from '../part/moment'
import { Pick, useDepartmentChoices, useStaffChoices } from '../part/pick'
import '../part/form.css'

const given = ['owner', 'attending', 'nurse', 'consultant', 'referrer', 'unit', 'share'] as const

/** Access tells who has to do with a patient and why, gives relations and shares with an end (PT-21, SY-12). */
export default function Access({ id }: { id: string }) {
  const t = useText(structure)
  const client = useQueryClient()
  const fail = useFail()
  const undo = useUndo()
  const { may } = useSession()
  const [adding, setAdding] = useState(false)
  const q = useQuery({ queryKey: ['patient', id, 'access'], queryFn: ({ signal }) => call('GET /api/v1/patients/{id}/access', { path: { id }, signal }) })
  if (q.error && !q.data) return <Panel><Failure error={q.error} retry={() => void q.refetch()} /></Panel>
  if (!q.data) return <PageSkeleton rows={4} />
  const refresh = () => { void client.invalidateQueries({ queryKey: ['patient', id] }); void client.invalidateQueries({ queryKey: ['patient'] }) }
  const end = async (r: Carer) => {
    try {
      await call('POST /api/v1/patients/{id}/access/end', { path: { id }, body: { kind: r.kind, key: r.key, role: r.role } })
      refresh()
      undo(t.access.ended, async () => { try { await call('POST /api/v1/patients/{id}/access', { path: { id }, body: { kind: r.kind, key: r.key, role: r.role, ...(r.until ? { until: r.until } : {}) } }); refresh() } catch (e) { fail(e) } })
    } catch (e) { fail(e) }
  }
  const ends = (r: Carer) => r.by_hand && (may('patient.patient.assign') || (r.role === 'share' && r.mine))
  const rows = q.data.items
  const gives = may('patient.patient.assign', 'patient.patient.share')
  return (
    <Panel title={t.access.title} extra={gives && !adding && <Button size="small" icon={<PlusOutlined />} onClick={() => setAdding(true)}>{t.access.add}</Button>}>
      {adding && <Add id={id} onClose={() => setAdding(false)} onSaved={() => { setAdding(false); undo(t.access.saved); refresh() }} />}
      {rows.length === 0 ? <State title={t.access.none} hint={t.access.noneHint} /> : (
        <ul className="plain-list carers">
          {rows.map(r => (
            <li key={r.kind + r.key + r.role} className="row">
              <StatusTag tone={r.role === 'owner' ? 'ok' : r.role === 'share' ? 'warn' : r.by_hand ? 'info' : 'idle'}>{t.access.roles[r.role] ?? r.role}</StatusTag>
              <b>{r.name || '—'}</b>{r.kind !== 'staff' && <small className="sub">{t.access.kind[r.kind]}</small>}
              {r.until && <small className="sub">{t.access.ends(exact(r.until))}</small>}
              <span className="grow" />
              <small className="sub">{r.by_hand ? (r.by ? t.access.by(r.by, dayOf(r.at)) : '') : t.access.rule}</small>
              {ends(r) && <Popconfirm title={t.access.endOf(r.name)} okText={t.access.end} onConfirm={() => void end(r)}><Button size="small" type="text" aria-label={`${t.access.end} ${t.access.roles[r.role]} ${r.name}`}>{t.access.end}</Button></Popconfirm>}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Add({ id, onClose, onSaved }: { id: string; onClose: () => void; onSaved: () => void }) {
  const t = useText(structure)
  const c = useText(common)
  const fail = useFail()
  const { may } = useSession()
  const assigns = may('patient.patient.assign')
  const [v, setV] = useState({ role: assigns ? 'owner' : 'share', kind: 'staff', key: '', date: addDays(dayOf(now()), 7), time: '18:00' })
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [busy, setBusy] = useState(false)
  const people = useStaffChoices()
  const departments = useDepartmentChoices()
  const sites = useQuery({ queryKey: ['staff', 'site'], staleTime: 300_000, queryFn: ({ signal }) => call('GET /api/v1/sites', { signal }) })
  const set = (patch: Partial<typeof v>) => { setV({ ...v, ...patch }); setFaults({}) }
  const campuses = (sites.data?.items ?? []).filter(s => s.active !== false)
  const options = v.kind === 'staff' ? people.options : v.kind === 'department' ? departments.options : campuses.map(s => ({ value: s.id, label: s.name }))
  const kinds = ['staff', 'department', ...(v.role === 'share' && campuses.length > 1 ? ['site'] : [])]
  const save = async () => {
    setBusy(true)
    try {
      await call('POST /api/v1/patients/{id}/access', { path: { id }, body: { kind: v.kind, key: v.key, role: v.role, ...(v.role === 'share' ? { until: moment(v.date, v.time) } : {}) } })
      onSaved()
    } catch (e) {
      if (e instanceof ApiError && e.fields.length) setFaults(Object.fromEntries(e.fields.map(f => [f.field, f.message])))
      else fail(e)
      setBusy(false)
    }
  }
  return (
    <form className="fields carer-add" onSubmit={e => { e.preventDefault(); void save() }}>
      <Field label={t.access.role} fault={faults.role}><Select value={v.role} onChange={role => set({ role })} options={given.filter(r => r === 'share' ? may('patient.patient.share') : assigns).map(r => ({ value: r, label: t.access.roles[r] }))} /></Field>
      <Field label={t.access.who} need fault={faults.key ?? faults.kind}><Segmented size="small" value={v.kind} onChange={kind => set({ kind: String(kind), key: '' })} options={kinds.map(k => ({ value: k, label: t.access.kind[k] }))} /><Pick autoFocus label={t.access.who} value={v.key || undefined} onChange={key => set({ key: key ?? '' })} options={options} loading={people.loading} /></Field>
      {v.role === 'share' && <Field label={t.access.date} need fault={faults.until} hint={t.access.shareHint}><span className="row"><Input type="date" className="dateinput" aria-label={t.access.date} value={v.date} min={dayOf(now())} onChange={e => set({ date: e.target.value })} /><Input type="time" className="clock" aria-label={t.access.until} value={v.time} onChange={e => set({ time: e.target.value })} /></span><span className="row">{([['d1', 1], ['d7', 7], ['d30', 30]] as const).map(([k, n]) => <Button key={k} size="small" onClick={() => set({ date: addDays(dayOf(now()), n) })}>{t.access.day[k]}</Button>)}</span></Field>}
      <span className="row carer-acts"><Button type="primary" htmlType="submit" loading={busy} disabled={!v.key}>{t.access.give}</Button><Button onClick={onClose}>{c.cancel}</Button></span>
    </form>
  )
}
