import { Button } from 'antd'
import { CloudDownloadOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { call } from '../../api/call'
import type { Job } from '../../api/contract/admin'
import { bytes, count, exact, now } from '../../lib/format'
import { useText } from '../../lib/i18n'
import { operations } from '../../lib/text/operations'
import { Failure, JobProgress, PageHeader, PageSkeleton, Panel, State, StatusTag, useFail, useUndo, When } from '../../lib/ui'
import { useSession } from '../session'
import './operations.css'

const hour = 3_600_000

/** Operations shows whether the house works: beats, jobs, letters, backups (SY-08, SY-31). */
export default function Operations() {
  const t = useText(operations)
  const fail = useFail()
  const undo = useUndo()
  const client = useQueryClient()
  const { may } = useSession()
  const [job, setJob] = useState<string>()
  const q = useQuery({ queryKey: ['job', 'operations'], refetchInterval: 10_000, queryFn: ({ signal }) => call('GET /api/v1/operations', { signal }) })
  const progress = useQuery<Job>({ queryKey: ['job', job], enabled: !!job, refetchInterval: x => (x.state.data && ['done', 'dead', 'cancelled'].includes(x.state.data.state) ? false : 1000), queryFn: ({ signal }) => call('GET /api/v1/jobs/{id}', { path: { id: job! }, signal }) })
  if (q.error && !q.data) return <div className="page"><Failure error={q.error} retry={() => void q.refetch()} /></div>
  if (!q.data) return <PageSkeleton />
  const o = q.data
  const refresh = () => void client.invalidateQueries({ queryKey: ['job', 'operations'] })
  const backup = async () => { try { setJob((await call('POST /api/v1/operations/backup')).id); undo(t.backupStarted); refresh() } catch (e) { fail(e) } }
  const again = async (run: () => Promise<unknown>) => { try { await run(); undo(t.retried); refresh() } catch (e) { fail(e) } }
  const good = o.backups.find(b => !b.error && b.finished_at)
  const drilled = o.backups.find(b => b.verified_at)
  const old = !!o.backups.length && (!good || now() - Date.parse(good.finished_at) > 36 * hour)
  const lowDisk = o.disk_free > 0 && o.disk_free < 2 << 30
  const troubles = o.beats.filter(b => b.late || b.error).length + o.dead.length + o.letters.length + (old ? 1 : 0) + (lowDisk ? 1 : 0)
  const retries = may('operation.job.update')
  const state = progress.data?.state
  return (
    <div className="page">
      <PageHeader title={t.title} count={<StatusTag tone={troubles ? 'warn' : 'ok'}>{troubles ? t.troubles(troubles) : t.allWell}</StatusTag>}>
        {may('backup.copy.create') && <Button type="primary" icon={<CloudDownloadOutlined />} loading={!!job && !['done', 'dead', 'cancelled'].includes(state ?? '')} onClick={() => void backup()}>{t.backupNow}</Button>}
      </PageHeader>
      <div className="stack">
        <div className="facts-bar"><Fact k={t.version}>{o.version}</Fact><Fact k={t.engine}>{o.engine}</Fact><Fact k={t.started}><When at={o.started_at} time /></Fact><Fact k={t.disk} warn={lowDisk ? t.diskLow : ''}>{o.disk_free ? bytes(o.disk_free) : '—'}</Fact><span className="grow" /><small className="sub">{t.refreshed}</small></div>
        {job && progress.data && <Panel title={state === 'done' ? t.backupDone : t.backupNow}>{progress.data.total > 0 && <JobProgress done={progress.data.done} total={progress.data.total} state={state === 'done' ? 'done' : state === 'dead' ? 'failed' : state === 'cancelled' ? 'cancelled' : 'running'} />}{progress.data.total === 0 && <StatusTag tone={state === 'done' ? 'ok' : state === 'dead' ? 'bad' : 'wait'}>{t.jobStates[state ?? ''] ?? state}</StatusTag>}<p className="sub">{progress.data.error || progress.data.note}</p></Panel>}
        <section aria-label={t.beats}>
          <h2 className="tiles-title">{t.beats}</h2>
          {o.beats.length === 0 ? <p className="sub">{t.beatsNone}</p> : <ul className="beats">{o.beats.map(b => <li key={b.name} className={b.error ? 'failed' : b.late ? 'is-late' : ''}><div className="row"><b>{t.names[b.name] ?? b.name}</b><span className="grow" /><StatusTag tone={b.error ? 'bad' : b.late ? 'warn' : 'ok'}>{b.error ? t.beatFailed : b.late ? t.beatLate : t.beatOk}</StatusTag></div><small className="sub">{t.lastOk} {b.ok_at ? <When at={b.ok_at} time /> : '—'}</small>{b.error && <p className="late">{b.error}</p>}</li>)}</ul>}
        </section>
        <div className="cols2">
          <Panel title={t.backups} note={drilled ? t.lastDrill(exact(drilled.verified_at)) : undefined}>
            {old && <p className="soon">{t.old}</p>}
            {o.backups.length > 0 && !drilled && <p className="soon">{t.noDrill}</p>}
            {o.backups.length === 0 ? <State title={t.none} hint={t.noneHint} /> : <Simple head={[t.at, t.name, t.size, t.drill]} rows={o.backups.slice(0, 12).map(b => [<When key="a" at={b.finished_at || b.at} time />, <span key="n" title={`${count(b.rows)} ${t.rows}`}>{b.name}</span>, bytes(b.size), b.error ? <StatusTag key="s" tone="bad" title={b.error}>{t.backupStates.failed}</StatusTag> : b.verified_at ? <StatusTag key="s" tone="ok" title={`${exact(b.verified_at)} · ${t.drillHint}`}>{t.drillOk}</StatusTag> : <StatusTag key="s" tone="wait" title={t.drillHint}>{t.backupStates[b.state] && b.state === 'running' ? t.backupStates.running : t.drillNever}</StatusTag>])} />}
          </Panel>
          <div className="stack">
            <Panel title={t.jobs}>{o.jobs.length === 0 ? <p className="sub">{t.jobsNone}</p> : <Simple head={[t.kind, t.state, t.n, t.since]} rows={o.jobs.map(j => [<code key="k">{j.kind}</code>, t.jobStates[j.state] ?? j.state, count(j.n), <When key="w" at={j.since} time />])} />}</Panel>
            <Panel title={t.dead}>{o.dead.length === 0 ? <p className="sub">{t.deadNone}</p> : <Simple head={[t.kind, t.error, t.at, '']} rows={o.dead.map(d => [<code key="k">{d.kind}</code>, <span key="e" className="wrap">{d.error}</span>, <When key="w" at={d.at} time />, retries && <Button key="b" size="small" onClick={() => void again(() => call('POST /api/v1/operations/jobs/{id}/retry', { path: { id: d.id } }))}>{t.retry}</Button>])} />}</Panel>
            <Panel title={t.letters} note={o.letters.length ? t.letterHint : undefined}>{o.letters.length === 0 ? <p className="sub">{t.lettersNone}</p> : <Simple head={[t.kind, t.listener, t.error, '']} rows={o.letters.map(l => [<code key="k">{l.name}</code>, <code key="l">{l.listener}</code>, <span key="e" className="wrap">{l.error}</span>, retries && <Button key="b" size="small" onClick={() => void again(() => call('POST /api/v1/operations/letters/{id}/retry', { path: { id: l.fact_id }, body: { listener: l.listener } }))}>{t.retry}</Button>])} />}</Panel>
          </div>
        </div>
      </div>
    </div>
  )
}

const Fact = ({ k, children, warn }: { k: string; children: ReactNode; warn?: string }) => <span className="fact"><small>{k}</small><b className={warn ? 'late' : undefined} title={warn}>{children}</b></span>

const Simple = ({ head, rows }: { head: string[]; rows: ReactNode[][] }) => (
  <div className="simple-scroll" tabIndex={0} role="region" aria-label={head[0]}><table className="simple"><thead><tr>{head.map((h, i) => h ? <th key={i} scope="col">{h}</th> : <td key={i} />)}</tr></thead><tbody>{rows.map((r, i) => <tr key={i}>{r.map((x, k) => <td key={k}>{x}</td>)}</tr>)}</tbody></table></div>
)
