import { Alert, Button, Checkbox, Input, Select } from 'antd'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, call } from '../../api/call'
import '../../api/contract/admin'
import type { CalendarDay, Moves } from '../../api/contract/structure'
import { dayOf, now } from '../../lib/format'
import { useText } from '../../lib/i18n'
import { structure } from '../../lib/text/structure'
import { Failure, PageHeader, PageSkeleton, Panel, useFail, useUndo, When } from '../../lib/ui'
import { useUrl } from '../../lib/url'
import { useSession } from '../session'
import { Field } from './followup-template/step'
import { Pick, useDepartmentChoices } from './part/pick'
import './part/form.css'
import './calendars.css'

/** Calendars: legal days, make-up workdays, weekly rest of each department, a year's list with a look at what it moves. */
export default function Calendars() {
  const t = useText(structure).cal
  const url = useUrl()
  const { may } = useSession()
  const departments = useDepartmentChoices()
  const department = url.one('department') ?? ''
  const year = Number(url.one('year') ?? dayOf(now()).slice(0, 4))
  const edits = may('setting.setting.update')
  const q = useQuery({ queryKey: ['setting', 'calendar', department], queryFn: ({ signal }) => call('GET /api/v1/calendar', { query: department ? { department_id: department } : {}, signal }) })
  const hospital = useQuery({ queryKey: ['setting', 'calendar', ''], enabled: !!department, queryFn: ({ signal }) => call('GET /api/v1/calendar', { query: {}, signal }) })
  const settings = useQuery({ queryKey: ['setting'], queryFn: ({ signal }) => call('GET /api/v1/settings', { signal }) })
  if (q.error && !q.data) return <div className="page"><Failure error={q.error} retry={() => void q.refetch()} /></div>
  if (!q.data || !settings.data) return <PageSkeleton />
  const closed = settings.data.items.find(s => s.key === 'setting.calendar.closed')
  const own = closed?.overrides.find(o => o.department_id === department)
  const weekly = new Set((own?.value ?? closed?.value ?? '').split(/[,，、 ]/).filter(Boolean).map(Number))
  const listed = new Map<string, CalendarDay & { by: 'legal' | 'own' }>()
  for (const d of q.data.legal) listed.set(d.date, { ...d, by: 'legal' })
  for (const d of hospital.data?.days ?? []) listed.set(d.date, { ...d, by: 'own' })
  for (const d of q.data.days) listed.set(d.date, { ...d, by: 'own' })
  const inYear = [...listed.values()].filter(d => d.date.startsWith(String(year)))
  const years = [...new Set([year, Number(dayOf(now()).slice(0, 4)), Number(dayOf(now()).slice(0, 4)) + 1, ...[...listed.keys()].map(d => Number(d.slice(0, 4)))])].sort()
  return (
    <div className="page">
      <PageHeader title={t.title} count={t.listed(inYear.filter(d => d.kind === 'off').length, inYear.filter(d => d.kind === 'work').length)} />
      <div className="filters">
        <Pick className="f-pick" label={t.whole} value={department || undefined} onChange={id => url.set({ department: id })} options={departments.options} loading={departments.loading} />
        <Select aria-label={t.year} value={year} onChange={y => url.set({ year: String(y) })} options={years.map(y => ({ value: y, label: String(y) }))} />
        <span className="grow" />
        <span className="cal-legend" aria-label={t.legend}><i className="off" />{t.off}<i className="work" />{t.work}<i className="week" />{t.closedWeek}</span>
      </div>
      <Pending department={department} edits={edits} />
      <div className="cal-page">
        <Panel title={String(year)} note={department ? t.hospitalNext : undefined}><div className="cal-year">{Array.from({ length: 12 }, (_, m) => <Month key={m} year={year} month={m + 1} listed={listed} weekly={weekly} />)}</div></Panel>
        <div className="stack">
          <Week department={department} value={[...weekly]} version={own?.version ?? (department ? 0 : closed?.version ?? 0)} edits={edits} />
          {edits && <Import department={department} onTaken={() => void q.refetch()} />}
          <Panel title={t.history}>{q.data.imports.length === 0 ? <p className="sub">{t.historyNone}</p> : <ul className="plain-list">{q.data.imports.map(i => <li key={i.at}><span>{t.line(i.first_day, i.last_day, i.off_days, i.work_days, i.by_name)}</span> <small className="sub"><When at={i.at} time /></small></li>)}</ul>}</Panel>
        </div>
      </div>
    </div>
  )
}

function Month({ year, month, listed, weekly }: { year: number; month: number; listed: Map<string, CalendarDay & { by: string }>; weekly: Set<number> }) {
  const t = useText(structure).cal
  const first = new Date(Date.UTC(year, month - 1, 1))
  const n = new Date(Date.UTC(year, month, 0)).getUTCDate()
  const lead = (first.getUTCDay() + 6) % 7
  return (
    <table className="cal-month"><caption>{t.months(month)}</caption>
      <thead><tr>{t.days.map((d, i) => <th key={d} scope="col" abbr={d}>{t.letters[i]}</th>)}</tr></thead>
      <tbody>{Array.from({ length: Math.ceil((lead + n) / 7) }, (_, w) => (
        <tr key={w}>{Array.from({ length: 7 }, (_, i) => {
          const day = w * 7 + i - lead + 1
          if (day < 1 || day > n) return <td key={i} />
          const date = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
          const d = listed.get(date)
          const kind = d ? d.kind : weekly.has(i + 1) ? 'week' : ''
          const say = d ? `${d.name} · ${d.kind === 'off' ? t.off : t.work} · ${d.by === 'legal' ? t.legal : t.own}` : weekly.has(i + 1) ? t.closedWeek : ''
          return <td key={i} className={kind} title={say || undefined}>{day}{d && <sup>{d.kind === 'off' ? t.off : t.work}</sup>}{say && <span className="visually-hidden"> {say}</span>}</td>
        })}</tr>
      ))}</tbody>
    </table>
  )
}

function Week({ department, value, version, edits }: { department: string; value: number[]; version: number; edits: boolean }) {
  const t = useText(structure).cal
  const client = useQueryClient()
  const fail = useFail()
  const undo = useUndo()
  const put = async (days: number[]) => {
    try {
      await call('PUT /api/v1/settings/{key}', { path: { key: 'setting.calendar.closed' }, body: { value: [...days].sort().join(','), version, ...(department ? { department_id: department } : {}) } })
      undo(t.saved)
    } catch (e) { fail(e) }
    void client.invalidateQueries({ queryKey: ['setting'] })
  }
  return <Panel title={t.week}><Checkbox.Group aria-label={t.week} disabled={!edits} value={value} onChange={v => void put(v as number[])} options={t.days.map((d, i) => ({ value: i + 1, label: d }))} /><p className="sub">{t.weekHint}</p>{!edits && <p className="sub">{t.readOnly}</p>}</Panel>
}

function Import({ department, onTaken }: { department: string; onTaken: () => void }) {
  const t = useText(structure).cal
  const client = useQueryClient()
  const fail = useFail()
  const undo = useUndo()
  const [text, setText] = useState('')
  const [fault, setFault] = useState('')
  const [look, setLook] = useState<{ days: CalendarDay[]; moves: Moves }>()
  const [busy, setBusy] = useState(false)
  const body = { text, ...(department ? { department_id: department } : {}) }
  const run = async (take: boolean) => {
    setBusy(true)
    setFault('')
    try {
      if (!take) setLook(await call('POST /api/v1/calendar/preview', { body }))
      else { await call('POST /api/v1/calendar', { body }); undo(t.taken(look!.days.length)); setText(''); setLook(undefined); onTaken(); void client.invalidateQueries({ queryKey: ['setting', 'calendar'] }) }
    } catch (e) {
      if (e instanceof ApiError && e.status < 500) setFault(e.field('text') ?? e.detail ?? '')
      else fail(e)
    } finally { setBusy(false) }
  }
  return (
    <Panel title={t.paste}>
      <div className="stack">
        <Field label={t.paste} hint={t.pasteHint} fault={fault}><Input.TextArea rows={6} value={text} placeholder={t.example} onChange={e => { setText(e.target.value); setLook(undefined); setFault('') }} /></Field>
        {look && <><p className={'cal-say' + (look.moves.steps ? ' warn' : '')} role="status"><b>{t.moves(look.moves.steps, look.moves.plans)}</b><br />{t.listed(look.days.filter(d => d.kind === 'off').length, look.days.filter(d => d.kind === 'work').length)}</p><MoveTable m={look.moves} /></>}
        <span className="row"><Button type={look ? 'default' : 'primary'} disabled={!text.trim()} loading={busy && !look} onClick={() => void run(false)}>{t.look}</Button>{look && <Button type="primary" loading={busy} onClick={() => void run(true)}>{t.take}</Button>}</span>
      </div>
    </Panel>
  )
}

function MoveTable({ m }: { m: Moves }) {
  const t = useText(structure).cal
  return m.some.length === 0 ? null : <table className="cal-moves"><thead><tr><th scope="col">{t.step}</th><th scope="col">{t.from}</th><th scope="col">{t.dest}</th></tr></thead><tbody>{m.some.slice(0, 8).map((x, i) => <tr key={i}><td>{x.plan} · {x.step}</td><td>{x.from}</td><td>{x.to}</td></tr>)}</tbody></table>
}

/** Pending offers to move steps that stand on another day than the calendar of today puts them; nothing moves by itself. */
function Pending({ department, edits }: { department: string; edits: boolean }) {
  const t = useText(structure).cal
  const client = useQueryClient()
  const fail = useFail()
  const undo = useUndo()
  const [busy, setBusy] = useState(false)
  const [kept, setKept] = useState(false)
  const q = useQuery({ queryKey: ['setting', 'calendar', 'moves', department], queryFn: ({ signal }) => call('GET /api/v1/calendar/moves', { query: department ? { department_id: department } : {}, signal }) })
  if (!q.data || q.data.steps === 0 || kept) return null
  const move = async () => {
    setBusy(true)
    try { const m = await call('POST /api/v1/calendar/replan', { body: department ? { department_id: department } : {} }); undo(t.replanned(m.steps)); void client.invalidateQueries({ queryKey: ['setting', 'calendar'] }); void client.invalidateQueries({ queryKey: ['followup'] }) } catch (e) { fail(e) } finally { setBusy(false) }
  }
  return <Alert className="restored" type="warning" showIcon title={t.now(q.data.steps, q.data.plans)} description={<MoveTable m={q.data} />} action={edits && <span className="row"><Button size="small" onClick={() => setKept(true)}>{t.keepAs}</Button><Button size="small" type="primary" loading={busy} onClick={() => void move()}>{t.replan}</Button></span>} />
}
