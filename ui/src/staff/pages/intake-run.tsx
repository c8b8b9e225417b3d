import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { call } from '../../api/call'
import type { RunRow } from '../../api/contract/intake'
import { count } from '../../lib/format'
import { useText } from '../../lib/i18n'
import { intake } from '../../lib/text/intake'
import { Failure, JobProgress, PageHeader, PageSkeleton, Panel, StatusTag, useFail, useUndo, When } from '../../lib/ui'
import { useUrl } from '../../lib/url'
import { useSession } from '../session'
import { runTones } from './intake'
import { Records } from './intake/records'
import { Tally } from './intake/tally'
import './intake.css'

const live = (s: string) => s === 'running' || s === 'waiting' || s === 'queued'

/** One import: how far it is, how it ended, and every row of it. */
export default function RunPage() {
  const t = useText(intake)
  const { id } = useParams({ strict: false }) as { id: string }
  const url = useUrl()
  const { may } = useSession()
  const fail = useFail()
  const undo = useUndo()
  const client = useQueryClient()
  const q = useQuery<RunRow>({ queryKey: ['intake', 'run', id], refetchInterval: x => (x.state.data && !live(x.state.data.state) ? false : 1000), queryFn: ({ signal }) => call('GET /api/v1/intake/runs/{id}', { path: { id }, signal }) })
  if (q.error && !q.data) return <div className="page"><Failure error={q.error} retry={() => void q.refetch()} /></div>
  if (!q.data) return <PageSkeleton />
  const r = q.data
  const cancel = async () => { try { await call('POST /api/v1/intake/runs/{id}/cancel', { path: { id } }); undo(t.cancelled); void client.invalidateQueries({ queryKey: ['intake'] }) } catch (e) { fail(e) } }
  const state = live(r.state) ? 'running' : r.state === 'done' ? 'done' : r.state === 'cancelled' ? 'cancelled' : 'failed'
  return (
    <div className="page">
      <PageHeader title={t.runOf(r.file || r.feed)} back={{ to: '/intake?view=runs', label: t.back }} count={<StatusTag tone={runTones[r.state] ?? 'idle'}>{t.runStates[r.state] ?? r.state}</StatusTag>} />
      <div className="stack">
        <Panel>
          <JobProgress done={r.done} total={r.total} state={state} onCancel={live(r.state) && may('intake.upload.import') ? () => void cancel() : undefined} />
          <div className="row sub"><span>{r.actor}</span><span>{t.col.started} <When at={r.started_at} time /></span>{r.finished_at && <span>{t.finished} <When at={r.finished_at} time /></span>}{r.rate > 0 && <span>{t.rate(Math.round(r.rate))}</span>}<span>{count(r.done)} / {count(r.total)}</span></div>
          <Tally counts={r.counts} chosen={(url.one('verdict') ?? '') as never} onPick={v => url.set({ verdict: v })} />
        </Panel>
        {may('intake.record.read') && <Records run={id} />}
      </div>
    </div>
  )
}
