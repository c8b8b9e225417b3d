import { Alert, Button, Drawer, Input, Radio } from 'antd'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, call } from '../../../api/call'
import type { Colleague } from '../../../api/contract/lookup'
import '../../../api/contract/structure'
import { addDays, dayOf, now } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { structure } from '../../../lib/text/structure'
import { Failure, JobProgress, PageSkeleton, StatusTag, useFail, useUndo } from '../../../lib/ui'
import { Field } from '../followup-template/step'
import { midnight } from '../part/moment'
import { PickMany, useStaffChoices } from '../part/pick'

/** Handover gives everything that somebody holds to others: for good, or until they are back (SY-13). */
export function Handover({ row, kind: first, onClose }: { row: Colleague; kind: 'leave' | 'absence'; onClose: () => void }) {
  const t = useText(structure)
  const client = useQueryClient()
  const fail = useFail()
  const undo = useUndo()
  const [kind, setKind] = useState(first)
  const [way, setWay] = useState<'person' | 'evenly' | 'department'>('evenly')
  const [receivers, setReceivers] = useState<string[]>([])
  const [until, setUntil] = useState(addDays(dayOf(now()), 7))
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [busy, setBusy] = useState(false)
  const [started, setStarted] = useState('')
  const people = useStaffChoices()
  const q = useQuery({ queryKey: ['staff', 'handover', row.id], queryFn: ({ signal }) => call('GET /api/v1/staff/{id}/handover', { path: { id: row.id }, signal }), refetchInterval: v => (v.state.data?.past[0]?.state === 'running' ? 1000 : false) })
  if (q.error && !q.data) return <Drawer open onClose={onClose} size={520} title={t.hand.title(row.name)}><Failure error={q.error} retry={() => void q.refetch()} /></Drawer>
  if (!q.data) return <Drawer open onClose={onClose} size={520} title={t.hand.title(row.name)}><PageSkeleton rows={6} /></Drawer>
  const { held, total, past } = q.data
  const last = past[0]
  const running = last?.state === 'running'
  const mine = last && last.id === started ? last : undefined
  const refresh = () => { void client.invalidateQueries({ queryKey: ['staff'] }); void q.refetch() }
  const start = async () => {
    setBusy(true)
    setFaults({})
    try {
      const h = await call('POST /api/v1/staff/{id}/handover', { path: { id: row.id }, body: { kind, way, receivers, ...(kind === 'absence' ? { until: midnight(until) } : {}) } })
      setStarted(h.id)
      refresh()
    } catch (e) {
      if (e instanceof ApiError && e.fields.length) setFaults(Object.fromEntries(e.fields.map(f => [f.field, f.message])))
      else fail(e)
    } finally { setBusy(false) }
  }
  const back = async (id: string) => { try { await call('POST /api/v1/handovers/{id}/return', { path: { id } }); undo(t.hand.backDone); refresh() } catch (e) { fail(e) } }
  const ready = way === 'department' || (way === 'person' ? receivers.length === 1 : receivers.length > 0)
  return (
    <Drawer open onClose={() => { refresh(); onClose() }} size={520} title={t.hand.title(row.name)} extra={row.state !== 'left' && !mine && <Button type="primary" danger={kind === 'leave'} loading={busy || running} disabled={!ready} onClick={() => void start()}>{t.hand.start}</Button>}>
      <div className="stack">
        {mine && <div role="status">
          {running && <><b>{t.hand.running}</b><JobProgress done={mine.moved} total={mine.total} state="running" /></>}
          {mine.state === 'done' && <Alert type="success" showIcon title={t.hand.done(mine.moved)} description={t.hand.after[mine.until ? 'absence' : 'leave']} />}
          {mine.state === 'failed' && <Alert type="error" showIcon title={t.hand.failed(mine.left_over)} />}
        </div>}
        {row.state !== 'left' && !mine && <fieldset className="codes"><legend>{t.hand.why}</legend><Radio.Group vertical value={kind} onChange={e => setKind(e.target.value)} options={(['leave', 'absence'] as const).map(k => ({ value: k, label: t.hand.kinds[k] }))} />{kind === 'absence' && <Field label={t.hand.until} need fault={faults.until}><Input type="date" className="dateinput" value={until} min={addDays(dayOf(now()), 1)} onChange={e => setUntil(e.target.value)} /></Field>}</fieldset>}
        <section><h3 className="held-title">{t.hand.holds} <small className="sub">{t.hand.total(total)}</small></h3>
          {total === 0 ? <p className="sub">{t.hand.nothing}</p> : <ul className="plain-list held">{held.filter(h => h.n > 0).map(h => <li key={h.key} className="row"><span className="grow">{h.name}</span><b>{h.n}</b></li>)}</ul>}
        </section>
        {row.state !== 'left' && !mine && <>
          <fieldset className="codes"><legend>{t.hand.to}</legend><Radio.Group value={way} onChange={e => { setWay(e.target.value); setReceivers(receivers.slice(0, e.target.value === 'person' ? 1 : undefined)) }} options={(['person', 'evenly', 'department'] as const).map(k => ({ value: k, label: t.hand.ways[k] }))} optionType="button" /><p className="sub">{t.hand.wayHint[way]}</p></fieldset>
          <Field label={t.hand.receivers} need={way !== 'department'} fault={faults.receivers}><PickMany label={t.hand.receivers} value={receivers} loading={people.loading} onChange={v => setReceivers(way === 'person' ? v.slice(-1) : v)} options={people.options.filter(o => o.value !== row.id && !o.absent)} /></Field>
          {total > 0 && (way === 'department' && receivers.length === 0 ? <p className="sub">{t.hand.planNear(total)}</p> : receivers.length > 0 && <p className="sub">{t.hand.plan(total, receivers.length)}</p>)}
          <p className="role-say">{t.hand.after[kind]}</p>
        </>}
        {past.length > 0 && <section><h3 className="held-title">{t.hand.past}</h3><ul className="plain-list">{past.map(h => <li key={h.id} className="row"><StatusTag tone={h.state === 'done' || h.state === 'returned' ? 'ok' : h.state === 'failed' ? 'bad' : 'wait'}>{t.hand.states[h.state] ?? h.state}</StatusTag><span className="grow">{t.hand.line(h.moved, dayOf(h.created_at))}</span>{h.kind === 'absence' && h.state === 'done' && <Button size="small" onClick={() => void back(h.id)}>{t.hand.back}</Button>}</li>)}</ul></section>}
      </div>
    </Drawer>
  )
}
