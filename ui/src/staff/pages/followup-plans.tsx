import { Button, Input, Modal, Progress, Select } from 'antd'
import { PlusOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { ApiError, call } from '../../api/call'
import type { PlanRow } from '../../api/contract/followup'
import { today } from '../../lib/format'
import { useText } from '../../lib/i18n'
import { useKeys } from '../../lib/keys'
import { common } from '../../lib/text/common'
import { plan } from '../../lib/text/plan'
import { DataTable, Due, Empty, FilterBar, PageHeader, SavedViews, StatusTag, Total, useFail, useUndo, When, type Column, type Tone } from '../../lib/ui'
import { useUrl } from '../../lib/url'
import { useSession } from '../session'
import { Field } from './followup-template/step'
import { PatientPicker } from './part/picker'
import { Who } from './part/who'
import './part/form.css'

/** How a plan's state looks. */
export const planTone = (s: string): Tone => (s === 'active' || s === 'planned' ? 'info' : s === 'completed' || s === 'done' ? 'ok' : 'idle')

/** Plans lists who is in which follow-up plan and what comes next (FU-01). */
export default function Plans() {
  const t = useText(plan)
  const c = useText(common)
  const url = useUrl()
  const navigate = useNavigate()
  const { may } = useSession()
  const [enrolling, setEnrolling] = useState(url.one('enrol') === '1')
  const state = url.one('state') ?? (url.one('view') ? undefined : 'active')
  const templateId = url.one('template')
  const patientId = url.one('patient')
  const query = { state, patient_id: patientId, template_id: templateId, cursor: url.one('cursor'), limit: url.one('limit') }
  const q = useQuery({ queryKey: ['followup', 'plan', query], placeholderData: keepPreviousData, queryFn: ({ signal }) => call('GET /api/v1/followup/plans', { query, signal }) })
  const templates = useQuery({ queryKey: ['followup', 'template'], enabled: may('followup.template.*'), queryFn: ({ signal }) => call('GET /api/v1/followup/templates', { signal }), staleTime: 60_000 })
  const edits = may('followup.plan.create')
  useKeys(c.keys.page, edits ? [{ key: 'n', label: t.enrol, run: () => setEnrolling(true) }] : [])
  const dirty = !!templateId || !!patientId

  const columns = useMemo<Column<PlanRow>[]>(() => [
    { key: 'patient', title: t.col.patient, fixedIn: true, render: (_, r) => <Who p={r.patient} to={`/followup/plans/${r.id}`} /> },
    { key: 'template', title: t.col.template, render: (_, r) => <>{r.template} <small className="sub">{t.versionOf(r.version)}</small></> },
    { key: 'state', title: t.col.state, render: (_, r) => <StatusTag tone={planTone(r.state)}>{t.states[r.state] ?? r.state}</StatusTag> },
    { key: 'day0', title: t.col.day0, render: (_, r) => <When at={r.day0} /> },
    { key: 'next', title: t.col.next, render: (_, r) => <Due date={r.next_at} /> },
    { key: 'progress', title: t.col.progress, width: 190, render: (_, r) => <span className="row nowrap"><Progress percent={r.total ? Math.round((r.done / r.total) * 100) : 0} showInfo={false} size="small" style={{ width: 84 }} aria-label={t.progress(r.done, r.total)} />{t.progress(r.done, r.total)}</span> },
  ], [t])

  return (
    <div className="page">
      <PageHeader title={t.title} count={<Total query={q} words={t.count} />}>{edits && <Button type="primary" icon={<PlusOutlined />} onClick={() => setEnrolling(true)}>{t.enrol}</Button>}</PageHeader>
      <SavedViews views={[{ key: 'active', label: t.views.active, search: {} }, { key: 'done', label: t.views.completed, search: { state: 'done' } }, { key: 'exited', label: t.views.exited, search: { state: 'exited' } }, { key: 'every', label: t.views.all, search: {} }]} />
      <FilterBar dirty={dirty} onClear={() => url.set({ template: undefined, patient: undefined })}>
        <Select className="kw" aria-label={t.template} placeholder={t.template} allowClear showSearch={{ optionFilterProp: 'label' }} value={templateId} onChange={v => url.set({ template: v })} options={(templates.data?.items ?? []).map(x => ({ value: x.id, label: x.name }))} />
        <PatientPicker className="kw" label={t.patient} value={patientId} onChange={id => url.set({ patient: id })} />
      </FilterBar>
      <DataTable id="followup.plan" query={q} columns={columns} rowKey={r => r.id} onOpen={r => void navigate({ to: '/followup/plans/$id', params: { id: r.id } })} label={t.title}
        empty={dirty || url.one('view') ? <Empty title={t.noneHere} hint={t.noneHereHint} /> : <Empty title={t.none} hint={t.noneHint} action={edits && <Button type="primary" onClick={() => setEnrolling(true)}>{t.enrol}</Button>} />}
        card={r => <Link to="/followup/plans/$id" params={{ id: r.id }} className="plain-card"><span className="row"><b>{r.patient.name}</b><small className="sub">{r.template}</small><span className="grow" /><StatusTag tone={planTone(r.state)}>{t.states[r.state] ?? r.state}</StatusTag></span><span className="row sub"><Due date={r.next_at} /> · {t.progress(r.done, r.total)}</span></Link>}
      />
      {enrolling && <Enrol patient={patientId} onClose={() => { setEnrolling(false); if (url.one('enrol')) url.set({ enrol: undefined }) }} />}
    </div>
  )
}

/** Enrol puts one patient into a plan by hand. */
function Enrol({ patient: known, onClose }: { patient?: string; onClose: () => void }) {
  const t = useText(plan)
  const c = useText(common)
  const fail = useFail()
  const undo = useUndo()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [patient, setPatient] = useState(known)
  const [template, setTemplate] = useState<string>()
  const [day0, setDay0] = useState(today)
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [busy, setBusy] = useState(false)
  const q = useQuery({ queryKey: ['followup', 'template'], queryFn: ({ signal }) => call('GET /api/v1/followup/templates', { signal }), staleTime: 60_000 })
  const active = (q.data?.items ?? []).filter(x => x.state === 'active')
  const go = async () => {
    if (!patient || !template || !day0 || busy) return
    setBusy(true)
    try {
      const { id } = await call('POST /api/v1/followup/plans', { body: { patient_id: patient, template_id: template, day0 } })
      void client.invalidateQueries({ queryKey: ['followup'] })
      undo(t.enrolled)
      onClose()
      if (id) void navigate({ to: '/followup/plans/$id', params: { id } })
    } catch (e) {
      if (e instanceof ApiError && e.fields.length) setFaults(Object.fromEntries(e.fields.map(f => [f.field, f.message])))
      else fail(e)
      setBusy(false)
    }
  }
  return (
    <Modal open title={t.enrol} okText={t.enrol} cancelText={c.cancel} confirmLoading={busy} okButtonProps={{ disabled: !patient || !template || !day0 }} onOk={() => void go()} onCancel={onClose} width={480}>
      <p className="sub">{t.enrolHint}</p>
      <div className="stack">
        <Field label={t.patient} need fault={faults.patient_id}><PatientPicker label={t.patient} autoFocus value={patient} onChange={setPatient} /></Field>
        <Field label={t.template} need fault={faults.template_id ?? (q.data && active.length === 0 ? t.noTemplate : undefined)}><Select aria-label={t.template} placeholder={t.pickTemplate} loading={q.isPending} showSearch={{ optionFilterProp: 'label' }} value={template} onChange={setTemplate} options={active.map(x => ({ value: x.id, label: `${x.name}${x.department ? ` · ${x.department}` : ''}` }))} /></Field>
        <Field label={t.day0} hint={t.day0Hint} need fault={faults.day0}><Input type="date" value={day0} onChange={e => setDay0(e.target.value)} /></Field>
      </div>
    </Modal>
  )
}
