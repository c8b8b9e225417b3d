import { Button, type Modal } from 'antd'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../../../api/call'
import type { KeptRow } from '../../../api/contract/intake'
import { count, duration } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { imports } from '../../../lib/text/import'
import { Failure, JobProgress, Panel, When, useFail, useUndo } from '../../../lib/ui'
import { useSession } from '../../session'

const live = (s: string) => s === 'running' || s === 'waiting'

/** UndoQuestion shows what a roll-back would do before it is begun. */
export function UndoQuestion({ id, onClose, Dialog }: { id: string; onClose: () => void; Dialog: typeof Modal }) {
  const t = useText(imports)
  const fail = useFail()
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const q = useQuery({ queryKey: ['intake', 'rollback', id], gcTime: 0, queryFn: ({ signal }) => call('GET /api/v1/intake/runs/{id}/rollback', { path: { id }, signal }) })
  const p = q.data
  const nothing = !!p && p.total === 0
  const go = async () => {
    setBusy(true)
    try {
      await call('POST /api/v1/intake/runs/{id}/rollback', { path: { id } })
      void client.invalidateQueries({ queryKey: ['intake'] })
      onClose()
    } catch (e) { fail(e); setBusy(false) }
  }
  return (
    <Dialog open title={t.undoTitle} onCancel={onClose} okText={t.undoGo} cancelText={t.cancelWord} okButtonProps={{ danger: true, loading: busy, disabled: !p || nothing }} onOk={() => void go()}>
      {q.error ? <Failure error={q.error} retry={() => void q.refetch()} /> : !p ? <p className="sub" role="status">{t.previewing}</p> : <div className="stack">
        {nothing && <p>{p.departed ? t.undoDeparted : t.undoNothing}</p>}
        {!nothing && <ul className="undo-plan">
          {p.patients > 0 && <li>{t.undoPatients(count(p.patients))}</li>}
          {p.changed > 0 && <li>{t.undoChanged(count(p.changed))}</li>}
          {p.stay_count > 0 && <li><b className="soon">{t.undoStay(count(p.stay_count))}</b> <span className="sub">{t.undoStayWhy}</span><Kept list={p.stay} /></li>}
        </ul>}
        {p.looked < p.total && <p className="sub">{t.looked(count(p.looked), count(p.total))}</p>}
        {!nothing && <p className="sub">{t.undoUntil} <When at={p.until} /></p>}
      </div>}
    </Dialog>
  )
}

/** Undoing shows how far the last roll-back is, how it ended, and who stayed. */
export function Undoing({ id, undo, onAgain }: { id: string; undo: string; onAgain: () => void }) {
  const t = useText(imports)
  const fail = useFail()
  const say = useUndo()
  const { may } = useSession()
  const client = useQueryClient()
  const q = useQuery({ queryKey: ['intake', 'rollbacks', id, undo], refetchInterval: live(undo) ? 1000 : false, queryFn: ({ signal }) => call('GET /api/v1/intake/runs/{id}/rollbacks', { path: { id }, signal }) })
  const b = q.data?.items[0]
  const kept = useInfiniteQuery({
    queryKey: ['intake', 'kept', id, b?.state], enabled: !!b && b.kept > 0 && !live(b.state) && may('intake.record.read'), initialPageParam: '',
    queryFn: ({ signal, pageParam }) => call('GET /api/v1/intake/runs/{id}/kept', { path: { id }, query: { ...(pageParam ? { cursor: pageParam } : {}), limit: 50 }, signal }), getNextPageParam: p => p.next || undefined,
  })
  if (!b) return null
  const cancel = async () => { try { await call('POST /api/v1/intake/runs/{id}/rollback/cancel', { path: { id } }); say(t.undoCancelled); void client.invalidateQueries({ queryKey: ['intake', 'run'] }) } catch (e) { fail(e) } }
  const state = live(b.state) ? 'running' : b.state === 'done' ? 'done' : b.state === 'cancelled' ? 'cancelled' : 'failed'
  return (
    <Panel className="ask" title={live(b.state) ? t.undoing : t.undone} extra={live(b.state) && may('intake.run.rollback') ? <Button size="small" onClick={() => void cancel()}>{t.undoStop}</Button> : undefined}>
      <JobProgress done={b.done} total={b.total} state={state} />
      <div className="row sub"><span>{b.actor}</span><span>{t.begun} <When at={b.created_at} time /></span>{b.finished_at && <span>{t.finished} <When at={b.finished_at} time /></span>}{live(b.state) && b.rate > 0 && <span>{t.rate(count(Math.round(b.rate)))}</span>}{live(b.state) && b.left_ms > 0 && <span>{t.left(duration(b.left_ms / 1000))}</span>}</div>
      <p>{b.state === 'cancelled' ? t.undoCancelled + ' ' : ''}{t.undoDone(count(b.removed), count(b.restored), count(b.kept))}</p>
      {kept.data && <><b>{t.keptTitle}</b> <span className="sub">{t.keptNote}</span><Kept list={kept.data.pages.flatMap(p => p.items)} />{may('intake.run.rollback') && b.state === 'done' && <Button size="small" onClick={onAgain}>{t.undoKept}</Button>}{kept.hasNextPage && <Button size="small" loading={kept.isFetchingNextPage} onClick={() => void kept.fetchNextPage()}>{t.more}</Button>}</>}
    </Panel>
  )
}

function Kept({ list }: { list: KeptRow[] }) {
  const t = useText(imports)
  return <ul className="kept">{list.map((k, i) => <li key={i}>{k.patient_id ? <Link to="/patients/$id" params={{ id: k.patient_id }}>{k.name}</Link> : <span className="sub">{t.hidden}</span>} <span className="sub">{k.reason}</span></li>)}</ul>
}
