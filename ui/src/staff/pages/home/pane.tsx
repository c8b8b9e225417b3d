import { Button, Dropdown, Input, Skeleton, Tooltip, type InputRef } from 'antd'
import { AlertFilled, CalendarOutlined, CheckOutlined, FolderOpenOutlined, PhoneOutlined, SwapOutlined, UserAddOutlined } from '@ant-design/icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { ApiError, call } from '../../../api/call'
import type { Outcome, Task, TaskDetail } from '../../../api/contract/task'
import { addDays, ageOf, exact, instantOf, now, relDay, relTime, timeOf, today } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { useKeys } from '../../../lib/keys'
import { common } from '../../../lib/text/common'
import { patient as people } from '../../../lib/text/patient'
import { worklist } from '../../../lib/text/worklist'
import { Due, Failure, Initial, Kbd, Panel, StatusTag, Tag, useFail, useUndo } from '../../../lib/ui'
import { useSession } from '../../session'
import { AssignDialog, EndDialog, PostponeDialog } from './dialogs'
import { profile } from '../../../lib/text/profile'
import { Banner } from '../part/banner'
import { Notes, useNotes } from './notes'
import '../../../api/contract/profile'

interface Props { id: string; brief?: Task; place: string; onDone: (id: string, next?: string) => void; onNext: () => void }

/** TaskPane holds all that a call needs, in the order of the call: who, watch out, number, script, outcome, notes. */
export function TaskPane({ id, place, onDone, onNext }: Props) {
  const q = useQuery({ queryKey: ['worklist', 'task', id], queryFn: ({ signal }) => call('GET /api/v1/followup/tasks/{id}', { path: { id }, signal }) })
  if (q.error && !q.data) return <Failure error={q.error} retry={() => void q.refetch()} />
  if (!q.data) return <div className="panel"><Skeleton active avatar paragraph={{ rows: 8 }} /></div>
  return <Work task={q.data} place={place} onDone={onDone} onNext={onNext} />
}

function Work({ task, place, onDone, onNext }: { task: TaskDetail } & Omit<Props, 'id' | 'brief'>) {
  const t = useText(worklist)
  const c = useText(common)
  const owners = useText(people).owners
  const navigate = useNavigate()
  const client = useQueryClient()
  const undo = useUndo()
  const fail = useFail()
  const notes = useNotes(task)
  const [nextAt, setNextAt] = useState('')
  const [dialog, setDialog] = useState<'postpone' | 'assign' | null>(null)
  const [ending, setEnding] = useState<Outcome>()
  const [timeless, setTimeless] = useState(false)
  const when = useRef<InputRef>(null)
  const hands = useSession().may('followup.task.assign')
  const path = { id: task.id }
  const refresh = () => void client.invalidateQueries({ queryKey: ['worklist'] })

  const start = useMutation({ mutationFn: () => call('POST /api/v1/followup/tasks/{id}/start', { path }), onError: fail })
  const finish = useMutation({
    mutationFn: (o: Outcome) => call('POST /api/v1/followup/tasks/{id}/outcome', { path, body: { code: o.code, notes: notes.text.trim() || undefined, next_at: nextAt ? instantOf(nextAt.slice(0, 10), nextAt.slice(11, 16)) : undefined } }),
    onSuccess: (r, o) => {
      notes.drop()
      onDone(task.id, r.next_id)
      undo(`${task.patient.name} · ${t.done(o.label)}`, () => call('POST /api/v1/followup/tasks/{id}/undo', { path }).then(() => { refresh(); undo(t.undone) }).catch(fail))
    },
    onError: e => {
      if (e instanceof ApiError && (e.status === 409 || e.status === 404)) { undo(t.gone); onDone(task.id) } else fail(e)
    },
  })
  const ack = useMutation({ mutationFn: () => call('POST /api/v1/followup/tasks/{id}/acknowledge', { path }), onSuccess: () => { undo(t.acked); refresh() }, onError: fail })
  // A page that is loaded anew in the middle of a call shows the number and the time again.
  const resume = useEffectEvent(() => { if (task.called_at && !start.data && !start.isPending) start.mutate() })
  useEffect(() => resume(), [task.id])
  // A digit is easily struck by mistake: what needs an agreed time asks for it, and what ends plans asks once.
  const f = useText(profile)
  const edits = useSession().may('patient.patient.update')
  const before = task.contact?.verified_at ?? null
  const confirm = useMutation({
    mutationFn: () => call('POST /api/v1/patients/{id}/reach/confirm', { path: { id: task.patient.id } }),
    onSuccess: () => {
      const again = () => void client.invalidateQueries({ queryKey: ['worklist', 'task', task.id] })
      again()
      undo(f.fresh.confirmed, () => call('POST /api/v1/patients/{id}/reach/unconfirm', { path: { id: task.patient.id }, body: { verified_at: before } }).then(again).catch(fail))
    },
    onError: fail,
  })
  const months = before ? Math.floor((now() - Date.parse(before)) / (30.44 * 86_400_000)) : undefined
  const stale = !!task.contact && (months === undefined || months >= 6)
  const choose = (o: Outcome) => {
    if (finish.isPending || ending) return
    if (o.next === 'postpone' && !nextAt) { setTimeless(true); when.current?.focus() } else if (o.ends) setEnding(o)
    else finish.mutate(o)
  }
  const ring = () => {
    if (start.data?.call_link) window.location.assign(start.data.call_link)
    else if (!start.isPending && task.contact) start.mutate()
  }
  const agree = (at: string) => { setNextAt(at); setTimeless(false) }
  const soon = (): [string, string][] => [
    ...(timeOf(now()) < '14:30' ? [[t.soon.afternoon, `${today()}T15:00`]] as [string, string][] : []),
    [t.soon.tomorrow, `${addDays(today(), 1)}T10:00`], [t.soon.tomorrowLate, `${addDays(today(), 1)}T15:00`], [t.soon.three, `${addDays(today(), 3)}T10:00`],
  ]
  const labelOf = (code: string) => task.outcomes.find(o => o.code === code)?.label ?? t.codes[code] ?? code
  const isFlag = task.kind === 'flag' || task.severity > 0
  const numbered = task.outcomes.map((o, i) => ({ ...o, key: o.key || String(i + 1) }))

  useKeys(t.group, [
    { key: 'c', label: t.call, run: ring },
    ...numbered.map((o, i) => ({ key: o.key, show: '1-9', label: i === 0 ? t.outcome : undefined, run: () => choose(o) })),
    ...numbered.map(o => ({ key: 'alt+' + o.key, anywhere: true, run: () => choose(o) })),
    ...(task.contact && edits ? [{ key: 'k', label: f.fresh.confirm, run: () => { if (!confirm.isPending) confirm.mutate() } }] : []),
    { key: 'm', label: t.notes, run: () => notes.focus() },
    { key: 'o', label: t.open360, run: () => void navigate({ to: '/patients/$id', params: { id: task.patient.id } }) },
    { key: 'p', label: t.postpone, run: () => setDialog('postpone') },
    { key: 'a', label: isFlag && !task.acknowledged_at ? t.ack : hands ? t.assign : undefined, run: () => { if (isFlag && !task.acknowledged_at) ack.mutate(); else if (hands) setDialog('assign') } },
  ])
  return (
    <article className={'work' + (isFlag ? ' flag' : '')} aria-label={task.patient.name}>
      <header className="work-head">
        <Initial name={task.patient.name} size={48} />
        <div>
          <h2>{task.patient.name} <small>{c.sexOf[task.patient.sex]} {ageOf(task.patient.birth_date)}</small>{task.patient.tags.map(x => <Tag key={x}>{x}</Tag>)}</h2>
          <p>{task.title}{task.plan_id && task.template && ` · ${task.template}`} · <Due date={task.due_at} />{task.owner && ` · ${task.owner.name}`}</p>
        </div>
        <div className="grow" />
        <span className="sub nowrap">{place}</span>
        <Tooltip title={<>{t.open360} O</>}><Link to="/patients/$id" params={{ id: task.patient.id }} aria-label={t.open360}><Button icon={<FolderOpenOutlined />} tabIndex={-1} /></Link></Tooltip>
        <Dropdown trigger={['click']} menu={{ items: [{ key: 'p', icon: <CalendarOutlined />, label: <>{t.postpone} <Kbd k="p" /></>, onClick: () => setDialog('postpone') }, ...(hands ? [{ key: 'a', icon: <SwapOutlined />, label: t.assign, onClick: () => setDialog('assign') }] : [])] }}><Button>{c.more}</Button></Dropdown>
        <Button onClick={onNext}>{t.next}<kbd>N</kbd></Button>
      </header>
      <Banner id={task.patient.id} alert={task.patient.alert} />
      {task.alerts.some(a => a.kind !== 'alert' && a.text !== task.patient.alert) && <div className="work-alert" role="note" aria-label={t.attention}><AlertFilled aria-hidden="true" /><ul>{task.alerts.filter(a => a.kind !== 'alert' && a.text !== task.patient.alert).map(a => <li key={a.kind + a.text}>{a.text}</li>)}</ul></div>}
      {task.answer && <div className={'work-answer' + (isFlag ? ' bad' : '')}><b>{t.answer}</b><blockquote>{task.answer.text}</blockquote><span className="sub">{task.answer.label && <StatusTag tone={isFlag ? 'bad' : 'info'}>{task.answer.label}</StatusTag>} <time title={exact(task.answer.at)}>{relTime(task.answer.at)}</time></span></div>}
      <div className="work-dial">
        {start.data
          ? <><span className="work-phone" role="status">{start.data.phone.replace(/^(\d{3})(\d{4})(\d{4})$/, '$1 $2 $3')}</span><span className="sub">{start.data.contact_owner && t.phoneOf(owners[start.data.contact_owner] ?? start.data.contact_owner)} · {t.logged}</span>{start.data.call_link && <Button type="primary" icon={<PhoneOutlined />} href={start.data.call_link}>{t.dialLink}<kbd>C</kbd></Button>}<Elapsed since={task.called_at} /></>
          : task.contact
            ? <><Button type="primary" size="large" icon={<PhoneOutlined />} loading={start.isPending} onClick={ring}>{t.call}<kbd>C</kbd></Button><span><b>{task.contact.value}</b> {task.contact.owner && <span className="sub">{t.phoneOf([owners[task.contact.owner] ?? task.contact.owner, task.contact.name].filter(Boolean).join(' '))}</span>}<br /><small className="sub">{t.masked}</small></span></>
            : <p className="work-none">{t.noContact}</p>}
        {task.contact && edits && <span className="work-fresh"><StatusTag tone={stale ? 'warn' : 'ok'}>{months === undefined ? f.fresh.never : months < 1 ? f.fresh.recent : f.fresh.months(months)}</StatusTag>{stale && <Button size="small" icon={<CheckOutlined />} loading={confirm.isPending} onClick={() => confirm.mutate()}>{f.fresh.confirm}<kbd>K</kbd></Button>}</span>}
        <div className="grow" />
        {isFlag && task.provisional && <StatusTag tone="warn">{t.provisional}</StatusTag>}
        {isFlag && (task.acknowledged_at ? <StatusTag tone="info">{t.ackedAt(timeOf(task.acknowledged_at))}</StatusTag> : <Button danger icon={<UserAddOutlined />} loading={ack.isPending} onClick={() => ack.mutate()}>{t.ack}<kbd>A</kbd></Button>)}
        {task.consent_note && <StatusTag tone="warn">{task.consent_note}</StatusTag>}
      </div>
      <div className="work-cols">
        <div className="stack">
          <Panel title={t.outcome} note={t.outcomeHint}>
            <div className="outcomes">{numbered.map(o => <button key={o.code} className={'sev' + o.severity} disabled={finish.isPending} onClick={() => choose(o)}><kbd>{o.key}</kbd><span>{o.label}</span>{o.ends && <small>{t.ends}</small>}</button>)}</div>
            <div className="work-next">
              <label htmlFor="next-at" className="sub">{t.nextAt}</label>
              <Input ref={when} id="next-at" status={timeless ? 'error' : undefined} type="datetime-local" className="next-in" aria-invalid={timeless} aria-describedby={timeless ? 'next-bad' : undefined} min={`${today()}T00:00`} value={nextAt} onChange={e => agree(e.target.value)} />
              <span className="row">{soon().map(([label, at]) => <Button key={at} size="small" type={at === nextAt ? 'primary' : 'default'} onClick={() => agree(at === nextAt ? '' : at)}>{label}</Button>)}</span>
              {timeless && <p id="next-bad" className="next-bad" role="alert">{t.nextNeeded}</p>}
            </div>
          </Panel>
          <Panel title={t.notes} extra={<kbd>M</kbd>}><Notes notes={notes} /></Panel>
        </div>
        <div className="stack">
          <Panel title={t.script}>{task.script ? <div className="script">{task.script}</div> : <p className="sub">{t.noScript}</p>}</Panel>
          <Panel title={t.history}>{task.history.length === 0 ? <p className="sub">{t.noHistory}</p> : <ol className="hist">{[...task.history].sort((a, b) => b.at.localeCompare(a.at)).map((h, i) => <li key={i}><time title={exact(h.at)}>{relTime(h.at)}</time><span><b>{labelOf(h.code)}</b>{h.text && <> {h.code === 'undone' ? labelOf(h.text) : h.text}</>} · {h.actor.startsWith('system') ? c.system : h.actor}</span></li>)}</ol>}</Panel>
        </div>
      </div>
      {ending && <EndDialog task={task} outcome={ending} called={!!start.data || task.history.some(h => h.code === 'started')} onClose={() => setEnding(undefined)} onGo={() => { const o = ending; setEnding(undefined); finish.mutate(o) }} />}
      {dialog === 'postpone' && <PostponeDialog task={task} onClose={() => setDialog(null)} onDone={d => { setDialog(null); onDone(task.id); undo(t.postponed(`${relDay(d)} ${d}`), () => call('POST /api/v1/followup/tasks/{id}/undo', { path }).then(refresh).catch(fail)) }} first={addDays(today(), 1)} />}
      {dialog === 'assign' && <AssignDialog task={task} onClose={() => setDialog(null)} onDone={name => { setDialog(null); onDone(task.id); undo(t.assigned(name)) }} />}
    </article>
  )
}

/** Elapsed counts the seconds of a call from the moment it began, else from now. */
function Elapsed({ since }: { since: string | null }) {
  const [s, set] = useState(() => (since ? Math.max(0, Math.round((now() - Date.parse(since)) / 1000)) : 0))
  useEffect(() => { const h = window.setInterval(() => set(n => n + 1), 1000); return () => window.clearInterval(h) }, [])
  return <span className="elapsed">{Math.floor(s / 60)}:{String(s % 60).padStart(2, '0')}</span>
}
