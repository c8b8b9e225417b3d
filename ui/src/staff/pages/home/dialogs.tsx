import { Button, Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { call } from '../../../api/call'
import type { Outcome, TaskDetail } from '../../../api/contract/task'
import { addDays, instantOf, today } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { worklist } from '../../../lib/text/worklist'
import { useFail } from '../../../lib/ui'
import { useColleagues } from '../../lookup'

/** PostponeDialog moves a task to another day and keeps the reason. */
export function PostponeDialog({ task, first, onClose, onDone }: { task: TaskDetail; first: string; onClose: () => void; onDone: (date: string) => void }) {
  const t = useText(worklist)
  const c = useText(common)
  const fail = useFail()
  const [date, setDate] = useState(first)
  const [reason, setReason] = useState(t.postponeReasons[0]!)
  const [busy, setBusy] = useState(false)
  const go = async () => {
    setBusy(true)
    try {
      await call('POST /api/v1/followup/tasks/{id}/postpone', { path: { id: task.id }, body: { until: instantOf(date, '09:00'), reason } })
      onDone(date)
    } catch (e) { fail(e) } finally { setBusy(false) }
  }
  const quick: [string, string][] = [[t.quick.tomorrow, addDays(today(), 1)], [t.quick.three, addDays(today(), 3)], [t.quick.week, addDays(today(), 7)]]
  return (
    <Modal open title={`${t.postponeTitle} · ${task.patient.name}`} okText={t.postpone} cancelText={c.cancel} width={420} confirmLoading={busy} onOk={go} onCancel={onClose}>
      <div className="stack">
        <div className="row">{quick.map(([label, d]) => <Button key={d} type={d === date ? 'primary' : 'default'} onClick={() => setDate(d)}>{label}</Button>)}</div>
        <Input type="date" autoFocus aria-label={t.postponeTitle} min={addDays(today(), 1)} value={date} onChange={e => { if (e.target.value > today()) setDate(e.target.value) }} />
        <Select className="full" aria-label={t.reason} value={reason} onChange={setReason} options={t.postponeReasons.map(x => ({ value: x, label: x }))} />
      </div>
    </Modal>
  )
}

/** EndDialog asks once before an outcome that ends plans; Enter confirms. */
export function EndDialog({ task, outcome, called, onClose, onGo }: { task: TaskDetail; outcome: Outcome; called: boolean; onClose: () => void; onGo: () => void }) {
  const t = useText(worklist)
  const c = useText(common)
  return (
    <Modal open title={t.endTitle(task.patient.name, outcome.label)} okText={t.endGo(outcome.label)} cancelText={c.cancel} width={420} okButtonProps={{ danger: true, autoFocus: true }} onOk={onGo} onCancel={onClose}>
      <p>{t.endHints[outcome.code] ?? t.endHint}</p>
      {!called && <p className="next-bad">{t.notCalled}</p>}
    </Modal>
  )
}

/** AssignDialog hands a task to a colleague. */
export function AssignDialog({ task, onClose, onDone }: { task: TaskDetail; onClose: () => void; onDone: (name: string) => void }) {
  const t = useText(worklist)
  const c = useText(common)
  const fail = useFail()
  const q = useColleagues()
  const [owner, setOwner] = useState<string>()
  const [busy, setBusy] = useState(false)
  const go = async () => {
    if (!owner) return
    setBusy(true)
    try {
      await call('POST /api/v1/followup/tasks/{id}/assign', { path: { id: task.id }, body: { owner_id: owner } })
      onDone(q.data?.items.find(x => x.id === owner)?.name ?? '')
    } catch (e) { fail(e) } finally { setBusy(false) }
  }
  return (
    <Modal open title={`${t.assignTitle} · ${task.patient.name}`} okText={t.assign} cancelText={c.cancel} width={420} confirmLoading={busy} okButtonProps={{ disabled: !owner }} onOk={go} onCancel={onClose}>
      <Select className="full" autoFocus showSearch={{ optionFilterProp: 'label' }} defaultOpen placeholder={t.assignPick} aria-label={t.assignTitle} loading={q.isPending} value={owner} onChange={setOwner} options={(q.data?.items ?? []).filter(x => x.id !== task.owner?.id).map(x => ({ value: x.id, label: `${x.name}${x.absent ? ` · ${t.absent}` : ''}`, disabled: x.absent }))} />
    </Modal>
  )
}
