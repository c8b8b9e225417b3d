import { Button, Input, Modal, Select } from 'antd'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../../api/call'
import type { PlanStep } from '../../api/contract/followup'
import { dayOf, daysBetween, overdueDays, today } from '../../lib/format'
import { useText } from '../../lib/i18n'
import { common } from '../../lib/text/common'
import { plan } from '../../lib/text/plan'
import { DataTable, DayRuler, Due, Failure, PageHeader, PageSkeleton, Panel, StatusTag, useFail, useUndo, When, type Column, type RulerPoint, type Tone } from '../../lib/ui'
import { useSession } from '../session'
import { planTone } from './followup-plans'
import { Field } from './followup-template/step'
import { Card } from './part/who'
import './part/form.css'
import './followup-template.css'

const over = ['done', 'answered', 'completed', 'sent']
const dead = ['cancelled', 'exited', 'skipped', 'lapsed']
const stepTone = (s: PlanStep): Tone => (over.includes(s.state) ? 'ok' : s.state === 'failed' || s.state === 'blocked' ? 'bad' : s.state === 'lapsed' ? 'warn' : dead.includes(s.state) ? 'idle' : overdueDays(s.planned_date) > 0 ? 'warn' : 'wait')
const rulerState = (s: PlanStep): RulerPoint['state'] => (over.includes(s.state) ? 'done' : dead.includes(s.state) ? 'skipped' : overdueDays(s.planned_date) > 0 ? 'late' : daysBetween(dayOf(Date.now()), dayOf(s.planned_date)) === 0 ? 'due' : 'pending')

/** One plan: where the patient stands, what was moved and why, and the way out (FU-01, FU-03). */
export default function PlanPage() {
  const t = useText(plan)
  const { id } = useParams({ strict: false }) as { id: string }
  const { may } = useSession()
  const [leaving, setLeaving] = useState(false)
  const q = useQuery({ queryKey: ['followup', 'plan', id], queryFn: ({ signal }) => call('GET /api/v1/followup/plans/{id}', { path: { id }, signal }) })
  if (q.error && !q.data) return <div className="page"><Failure error={q.error} retry={() => void q.refetch()} /></div>
  if (!q.data) return <PageSkeleton />
  const p = q.data
  const points: RulerPoint[] = p.steps.map(s => ({ key: s.id, day: daysBetween(p.day0, dayOf(s.original_date || s.planned_date)), label: s.title, date: dayOf(s.planned_date), state: rulerState(s) }))
  const moved = (s: PlanStep) => !!s.original_date && dayOf(s.original_date) !== dayOf(s.planned_date)
  const columns: Column<PlanStep>[] = [
    { key: 'title', title: t.step, fixedIn: true, render: (_, s) => <b>{s.title}</b> },
    { key: 'kind', title: t.kind, render: (_, s) => t.kinds[s.kind] ?? s.kind },
    { key: 'planned', title: t.planned, render: (_, s) => <span className="nowrap">{dayOf(s.planned_date)} {!over.includes(s.state) && !dead.includes(s.state) && daysBetween(today(), dayOf(s.planned_date)) <= 30 && <small><Due date={s.planned_date} /></small>}{moved(s) && <small className="soon" title={t.moved(dayOf(s.original_date))}> {t.original} {dayOf(s.original_date).slice(5)}</small>}</span> },
    { key: 'state', title: t.col.state, render: (_, s) => <StatusTag tone={stepTone(s)}>{t.stepStates[s.state] ?? s.state}</StatusTag> },
    { key: 'message', title: t.message, render: (_, s) => s.message_state ? t.messageStates[s.message_state] ?? s.message_state : <span className="sub">—</span> },
    { key: 'done', title: t.doneAt, render: (_, s) => <When at={s.done_at} time /> },
    { key: 'task', title: '', render: (_, s) => s.task_id && <Link to="/" search={{ task: s.task_id } as never}>{t.openTask}</Link> },
  ]
  return (
    <div className="page">
      <PageHeader title={`${p.patient.name} · ${p.template}`} back={{ to: '/followup/plans', label: t.title }} count={<><StatusTag tone={planTone(p.state)}>{t.states[p.state] ?? p.state}</StatusTag> {t.progress(p.done, p.total)}</>}>
        {p.state === 'active' && may('followup.plan.update') && <Button danger onClick={() => setLeaving(true)}>{t.exit}</Button>}
      </PageHeader>
      <div className="stack">
        <Panel><Card p={p.patient}><span className="sub">{t.versionOf(p.version)} · {t.day0} {dayOf(p.day0)}{p.reason ? ` · ${t.reasonOf} ${t.exitCodes[p.reason] ?? p.reason}` : ''}</span></Card></Panel>
        <Panel><div className="ruler-scroll" tabIndex={0} role="region" aria-label={t.steps}><DayRuler points={[{ day: 0, label: t.day0, state: 'done', key: 'day0' }, ...points]} start={dayOf(p.day0)} /></div></Panel>
        <DataTable id="followup.plan.step" whole query={{ ...q, data: { items: p.steps } }} columns={columns} rowKey={s => s.id} label={t.steps}
          card={s => <div className="plain-card"><span className="row"><b>{s.title}</b><span className="grow" /><StatusTag tone={stepTone(s)}>{t.stepStates[s.state] ?? s.state}</StatusTag></span><span className="sub">{dayOf(s.planned_date)} · {t.kinds[s.kind]}{moved(s) ? ` · ${t.moved(dayOf(s.original_date))}` : ''}</span></div>} />
      </div>
      {leaving && <Exit id={id} onClose={() => setLeaving(false)} />}
    </div>
  )
}

function Exit({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useText(plan)
  const c = useText(common)
  const fail = useFail()
  const undo = useUndo()
  const client = useQueryClient()
  const [reason, setReason] = useState<string>()
  const [more, setMore] = useState('')
  const [busy, setBusy] = useState(false)
  const go = async () => {
    if (!reason || busy) return
    setBusy(true)
    try {
      await call('POST /api/v1/followup/plans/{id}/exit', { path: { id }, body: { reason: [reason, more.trim()].filter(Boolean).join('; ') } })
      void client.invalidateQueries({ queryKey: ['followup'] })
      undo(t.exited)
      onClose()
    } catch (e) { fail(e); setBusy(false) }
  }
  return (
    <Modal open title={t.exitTitle} okText={t.exit} okButtonProps={{ danger: true, disabled: !reason }} cancelText={c.cancel} confirmLoading={busy} width={440} onOk={() => void go()} onCancel={onClose}>
      <p>{t.exitHint}</p>
      <div className="stack">
        <Field label={t.exitReason} need><Select autoFocus aria-label={t.exitReason} value={reason} onChange={setReason} options={t.exitReasons.map(x => ({ value: x, label: x }))} /></Field>
        <Field label={t.other}><Input value={more} maxLength={200} onChange={e => setMore(e.target.value)} /></Field>
      </div>
    </Modal>
  )
}
