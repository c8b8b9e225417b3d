import { Button, Modal } from 'antd'
import { DownloadOutlined, UndoOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { call, request } from '../../api/call'
import type { ImportRow, RunRow } from '../../api/contract/intake'
import { count, duration } from '../../lib/format'
import { useText } from '../../lib/i18n'
import { imports } from '../../lib/text/import'
import { intake } from '../../lib/text/intake'
import { DataTable, Empty, Failure, JobProgress, PageHeader, PageSkeleton, Panel, When, useFail, useUndo, type Column } from '../../lib/ui'
import { useUrl } from '../../lib/url'
import { useSession } from '../session'
import { Undoing, UndoQuestion } from './intake/undo'
import { RunState } from './intake/runs'
import { Tally, VerdictTag } from './intake/tally'
import './intake.css'

const live = (s: string) => s === 'running' || s === 'waiting' || s === 'queued'

/** One import: how far it is, how it ended, every row of it, and the way back. */
export default function RunPage() {
  const t = useText(imports)
  const { id } = useParams({ strict: false }) as { id: string }
  const url = useUrl()
  const { may } = useSession()
  const fail = useFail()
  const undo = useUndo()
  const client = useQueryClient()
  const [asking, setAsking] = useState(false)
  const q = useQuery<RunRow>({ queryKey: ['intake', 'run', id], refetchInterval: x => (x.state.data && !live(x.state.data.state) && !live(x.state.data.undo) ? false : 1000), queryFn: ({ signal }) => call('GET /api/v1/intake/runs/{id}', { path: { id }, signal }) })
  const moving = !!q.data && (live(q.data.state) || live(q.data.undo))
  useEffect(() => { if (!moving) void client.invalidateQueries({ queryKey: ['intake', 'row', id] }) }, [moving, client, id])
  if (q.error && !q.data) return <div className="page"><Failure error={q.error} retry={() => void q.refetch()} /></div>
  if (!q.data) return <PageSkeleton />
  const r = q.data
  const running = live(r.state)
  const cancel = async () => { try { await call('POST /api/v1/intake/runs/{id}/cancel', { path: { id } }); undo(t.stopped); void client.invalidateQueries({ queryKey: ['intake', 'run'] }) } catch (e) { fail(e) } }
  const download = async (verdict?: string) => { try { await save(await request('POST', `/api/v1/intake/runs/${id}/file`, { body: verdict ? { verdict } : {} }), (verdict ? verdict + '-' : '') + (r.file.replace(/\.\w+$/, '') || 'import') + '.csv') } catch (e) { fail(e) } }
  const state = running ? 'running' : r.state === 'done' ? 'done' : r.state === 'cancelled' ? 'cancelled' : 'failed'
  const backable = !running && !live(r.undo) && r.undo !== 'done' && r.done > 0 && may('intake.run.rollback')
  return (
    <div className="page">
      <PageHeader title={t.run(r.file || r.feed)} back={{ to: '/intake?view=runs', label: t.toRuns }} count={<RunState r={r} />}>
        {!running && may('intake.upload.import') && may('intake.record.read') && <>
          {(r.counts.rejected ?? 0) > 0 && <Button icon={<DownloadOutlined />} title={t.downloadHint} onClick={() => void download('rejected')}>{t.downloadRejected}</Button>}
          <Button icon={<DownloadOutlined />} onClick={() => void download()}>{t.download}</Button></>}
        {backable && <Button icon={<UndoOutlined />} onClick={() => setAsking(true)}>{r.undo === 'cancelled' ? t.undoAgain : t.undo}</Button>}
        {running && may('intake.upload.import') && <Button onClick={() => void cancel()}>{t.stop}</Button>}
      </PageHeader>
      <div className="stack">
        {r.undo && <Undoing id={id} undo={r.undo} onAgain={() => setAsking(true)} />}
        <Panel>
          <JobProgress done={r.done} total={r.total} state={state} />
          <div className="row sub"><span>{r.actor}</span><span>{t.begun} <When at={r.started_at} time /></span>{r.finished_at && <span>{t.finished} <When at={r.finished_at} time /></span>}{r.rate > 0 && <span>{t.rate(count(Math.round(r.rate)))}</span>}{running && r.left_ms > 0 && <span>{t.left(duration(r.left_ms / 1000))}</span>}</div>
          {r.state === 'cancelled' && <p className="soon">{t.written(count(r.done), count(r.total - r.done))} {t.again}</p>}
          <Tally counts={r.counts} warned={r.warned} chosen={(url.one('verdict') ?? '') as never} onPick={v => url.set({ verdict: v })} />
        </Panel>
        {may('intake.record.read') && <Rows id={id} moving={moving} />}
      </div>
      {asking && <UndoQuestion id={id} onClose={() => setAsking(false)} Dialog={Modal} />}
    </div>
  )
}

/** save hands a file that the server wrote to the browser. */
async function save(answer: Response, name: string) {
  const url = URL.createObjectURL(await answer.blob())
  const a = document.createElement('a')
  a.href = url
  a.download = name
  a.click()
  window.setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

function Rows({ id, moving }: { id: string; moving: boolean }) {
  const t = useText(imports)
  const w = useText(intake)
  const url = useUrl()
  const navigate = useNavigate()
  const query = { verdict: url.one('verdict'), cursor: url.one('cursor'), limit: url.one('limit') }
  const q = useQuery({ queryKey: ['intake', 'row', id, query], placeholderData: keepPreviousData, refetchInterval: moving ? 3_000 : false, queryFn: ({ signal }) => call('GET /api/v1/intake/runs/{id}/rows', { path: { id }, query, signal }) })
  const columns = useMemo<Column<ImportRow>[]>(() => [
    { key: 'ref', title: t.col.ref, fixedIn: true, render: (_, r) => <Link to="/intake/records/$id" params={{ id: r.id }}><b>{r.ref.replace(/^R/, '')}</b></Link> },
    { key: 'verdict', title: t.col.verdict, render: (_, r) => <span className="row"><VerdictTag v={r.verdict} />{r.undone_at && <small className="sub">{t.undoneRow}</small>}</span> },
    { key: 'reason', title: t.col.reason, width: 460, render: (_, r) => r.reason || <span className="sub">—</span> },
    { key: 'key', title: t.col.key, render: (_, r) => r.key ? w.keys[r.key] ?? r.key : <span className="sub">—</span> },
    { key: 'patient', title: t.col.patient, render: (_, r) => r.patient_id && !r.undone_at ? <Link to="/patients/$id" params={{ id: r.patient_id }}>{t.openPatient}</Link> : (r.verdict === 'rejected' || r.verdict === 'review') && !r.undone_at ? <Link to="/intake/records/$id" params={{ id: r.id }}>{t.mend}</Link> : <span className="sub">—</span> },
  ], [t, w])
  return <DataTable id="intake.row" query={q} columns={columns} rowKey={r => r.id + r.ref} onOpen={r => void navigate({ to: '/intake/records/$id', params: { id: r.id } })} label={t.allRows} empty={<Empty title={t.noRows} />}
    card={r => <Link className="plain-card" to="/intake/records/$id" params={{ id: r.id }}><span className="row"><b>{r.ref.replace(/^R/, '')}</b><span className="grow" /><VerdictTag v={r.verdict} /></span><span className="sub">{r.reason}</span></Link>} />
}
