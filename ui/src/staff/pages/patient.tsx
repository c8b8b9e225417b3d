import { Button, Skeleton, Tooltip } from 'antd'
import { AlertFilled, EditOutlined, FileDoneOutlined, MedicineBoxOutlined, MessageOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { call } from '../../api/call'
import '../../api/contract/timeline'
import type { Overview } from '../../api/contract/timeline'
import { ageOf, count, dayOf, today, yuan } from '../../lib/format'
import { useText } from '../../lib/i18n'
import { useKeys } from '../../lib/keys'
import { common } from '../../lib/text/common'
import { patient as words } from '../../lib/text/patient'
import { useUrl } from '../../lib/url'
import { Failure, Initial, Tag, When } from '../../lib/ui'
import { useSession } from '../session'
import { AdhocDialog } from './patient/adhoc'
import { DiagnosisDialog } from './patient/diagnosis'
import { Rail } from './patient/rail'
import { OptOuts } from './patient/optouts'
import { SendDrawer } from './patient/send'
import { Spending } from './patient/spend'
import Access from './patient/access'
import { Thread } from './patient/thread'
import { History } from './patient/history'
import { AccessLog } from './patient/access-log'
import { Treatment, Visits } from './patient/treatment'
import { Banner } from './part/banner'
import './patient.css'

/** PatientPage shows everything about one person: who, what to watch, what is next, what happened. */
export default function PatientPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const q = useQuery({ queryKey: ['patient', id, 'overview'], queryFn: ({ signal }) => call('GET /api/v1/patients/{id}/overview', { path: { id }, signal }) })
  if (q.error && !q.data) return <div className="page"><Failure error={q.error} retry={() => void q.refetch()} /></div>
  if (!q.data) return <div className="page p360" aria-busy="true"><div className="panel"><Skeleton active avatar={{ size: 52 }} paragraph={{ rows: 3 }} /></div><div className="two"><div className="panel"><Skeleton active paragraph={{ rows: 14 }} /></div><div className="panel"><Skeleton active paragraph={{ rows: 8 }} /></div></div></div>
  return <Whole key={id} o={q.data} />
}

/** listOf is the worklist in which a task of that day stands. */
const listOf = (due: string) => (dayOf(due) < today() ? 'view=overdue&' : dayOf(due) > today() ? 'view=upcoming&' : '')

function Whole({ o }: { o: Overview }) {
  const t = useText(words)
  const c = useText(common)
  const p = o.patient
  const url = useUrl()
  const navigate = useNavigate()
  const { may, session } = useSession()
  const [dialog, setDialog] = useState<'send' | 'adhoc' | 'diagnosis' | null>(null)
  const close = () => setDialog(null)
  const gone = !!p.merged_into || !!p.deceased_at
  const can = { send: may('message.message.send') && !gone, adhoc: may('followup.task.create') && !gone, diagnosis: may('visit.condition.create') && !p.merged_into, edit: may('patient.patient.update') && !p.merged_into }
  const start = () => { if (o.next_action) void navigate({ href: `/?${listOf(o.next_action.due_at)}task=${o.next_action.task_id}` }) }
  useEffect(() => { document.title = p.name }, [p.name])
  useKeys(t.group, [
    ...(can.send ? [{ key: 's', label: t.sms, run: () => setDialog('send') }] : []),
    ...(can.adhoc ? [{ key: 'f', label: t.adhoc, run: () => setDialog('adhoc') }] : []),
    ...(can.diagnosis ? [{ key: 'd', label: t.diagnosis, run: () => setDialog('diagnosis') }] : []),
    ...(can.edit ? [{ key: 'e', label: t.edit, run: () => void navigate({ to: '/patients/$id/edit', params: { id: p.id } }) }] : []),
    ...(o.next_action ? [{ key: 'c', label: t.start, run: start }] : []),
  ])
  // What a role may not see is absent: a nought would read as a fact.
  const sees = { visits: may('visit.encounter.read'), spend: may('visit.charge.read'), followups: may('followup.plan.read'), thread: may('message.message.list'), seen: may('patient.access.read') }
  const tabs = (['timeline', 'visits', 'treatment', 'spend', 'thread', 'access', 'seen'] as const).filter(k => k === 'timeline' || k === 'access' || sees[k === 'treatment' ? 'visits' : k])
  const tab = tabs.find(k => k === url.one('tab')) ?? 'timeline'
  const last = o.last_encounter
  return (
    <div className="page p360">
      <div className="crumb"><Link to="/patients">← {t.back}</Link><span>/</span>{p.name}</div>
      {p.merged_into && <div className="notice">{t.mergedInto} <Link to="/patients/$id" params={{ id: p.merged_into }}>{t.openSurvivor}</Link></div>}
      {p.deceased_at && <div className="notice">{t.deceased(dayOf(p.deceased_at))}</div>}
      <section className="hero">
        <div className="hero-id">
          <Initial name={p.name} size={52} />
          <div>
            <h1>{p.name}{p.tags.map(x => <Tag key={x}>{x}</Tag>)}</h1>
            <p>{c.sexOf[p.sex] ?? c.unknown} · {ageOf(p.birth_date)}{p.region && <> · {p.region.name}</>}{p.occupation && <> · {p.occupation}</>}{p.phone && <> · {p.phone}</>}</p>
          </div>
        </div>
        <div className="hero-act">
          {can.send && <Button icon={<MessageOutlined />} onClick={() => setDialog('send')}>{t.sms}<kbd>S</kbd></Button>}
          {can.adhoc && <Button icon={<FileDoneOutlined />} onClick={() => setDialog('adhoc')}>{t.adhoc}<kbd>F</kbd></Button>}
          {can.diagnosis && <Button icon={<MedicineBoxOutlined />} onClick={() => setDialog('diagnosis')}>{t.diagnosis}<kbd>D</kbd></Button>}
          {can.edit && <Tooltip title={<>{t.edit} E</>}><Link to="/patients/$id/edit" params={{ id: p.id }} aria-label={t.edit}><Button icon={<EditOutlined />} tabIndex={-1} /></Link></Tooltip>}
        </div>
        {o.open_flags > 0 && <div className="hero-alert" role="note"><AlertFilled aria-hidden="true" /><b>{t.flags(o.open_flags)}</b><Link to="/" search={{ view: 'flags' } as never}>{t.handle} →</Link></div>}
        <Banner id={p.id} alert={p.alert} />
        <OptOuts id={p.id} />
        <dl className="facts">
          {sees.visits && <div><dt>{t.facts.last}</dt><dd>{last ? <><When at={last.started_at} /><small>{[t.classes[last.class] ?? last.class, last.department, last.doctor].filter(Boolean).join(' · ')}</small></> : t.none}</dd></div>}
          {sees.visits && <div><dt>{t.facts.visits}</dt><dd>{t.times(count(o.counts.encounter ?? 0))}</dd></div>}
          {sees.followups && <div><dt>{t.facts.followups}</dt><dd>{t.times(count(o.counts.followup ?? 0))}</dd></div>}
          {o.spend_total_fen !== null && <div><dt>{t.facts.spend}</dt><dd><button className="link" onClick={() => url.set({ tab: 'spend' })}>{yuan(o.spend_total_fen)}</button></dd></div>}
          <div><dt>{t.facts.owner}</dt><dd>{p.owner?.name ?? t.none}</dd></div>
          <div><dt>{t.facts.source}</dt><dd>{t.sources[p.source] ?? (p.source || t.none)}</dd></div>
        </dl>
      </section>
      {session.scope.days > 0 && <div className="notice" role="note">{t.onlyDays(session.scope.days)}</div>}
      <div className="two">
        <section className="panel main-panel">
          <div className="views tabs" role="tablist" aria-label={t.tabs.timeline}>
            {tabs.map(k => <button key={k} id={'tab-' + k} role="tab" aria-selected={tab === k} aria-controls="tabpanel" onClick={() => url.set({ tab: k === 'timeline' ? undefined : k, kind: undefined })}>{t.tabs[k]}</button>)}
          </div>
          <div role="tabpanel" id="tabpanel" aria-labelledby={'tab-' + tab}>
            {tab === 'timeline' && <History id={p.id} counts={o.counts} />}
            {tab === 'visits' && <Visits id={p.id} />}
            {tab === 'treatment' && <Treatment id={p.id} />}
            {tab === 'spend' && <Spending id={p.id} />}
            {tab === 'thread' && <Thread id={p.id} />}
            {tab === 'access' && <Access id={p.id} />}
            {tab === 'seen' && <AccessLog id={p.id} />}
          </div>
        </section>
        <Rail o={o} onStart={start} canEdit={can.edit} />
      </div>
      {dialog === 'send' && <SendDrawer patient={p} onClose={close} />}
      {dialog === 'adhoc' && <AdhocDialog patient={p} onClose={close} />}
      {dialog === 'diagnosis' && <DiagnosisDialog patient={p} onClose={close} />}
    </div>
  )
}
