import { Button, InputNumber } from 'antd'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../../api/call'
import type {} from '../../api/contract/feed'
import { count } from '../../lib/format'
import { useText } from '../../lib/i18n'
import { feed } from '../../lib/text/feed'
import { intake } from '../../lib/text/intake'
import { Facts, Failure, PageHeader, PageSkeleton, Panel, State, StatusTag, useFail, useUndo, When } from '../../lib/ui'
import { useSession } from '../session'
import { Curve } from './intake/curve'
import { feedTones } from './intake/feeds'
import { Tally } from './intake/tally'
import './part/form.css'
import './intake.css'

/** One feed: how it is, what came within a day, when it counts as silent, and for a view how it is read (IN-01, PT-02). */
export default function FeedPage() {
  const t = useText(feed)
  const i = useText(intake)
  const { id } = useParams({ strict: false }) as { id: string }
  const { may } = useSession()
  const client = useQueryClient()
  const fail = useFail()
  const undo = useUndo()
  const [late, setLate] = useState<number | null>(null)
  const feeds = useQuery({ queryKey: ['intake', 'feed'], refetchInterval: 10_000, queryFn: ({ signal }) => call('GET /api/v1/intake/feeds', { signal }) })
  const hours = useQuery({ queryKey: ['intake', 'feed', id, 'hours'], refetchInterval: 60_000, queryFn: ({ signal }) => call('GET /api/v1/intake/feeds/{id}/hours', { path: { id }, signal }) })
  const f = feeds.data?.items.find(x => x.id === id)
  const pull = useQuery({ queryKey: ['intake', 'pull', id], enabled: f?.kind === 'sql', queryFn: ({ signal }) => call('GET /api/v1/intake/pulls/{id}', { path: { id }, signal }) })
  if (feeds.error && !feeds.data) return <div className="page"><Failure error={feeds.error} retry={() => void feeds.refetch()} /></div>
  if (!feeds.data) return <PageSkeleton />
  if (!f) return <div className="page"><PageHeader title={t.settings} back={{ to: '/intake', label: t.back }} /><State title={i.noFeeds} /></div>
  const steers = may('intake.feed.update')
  const act = async (run: () => Promise<unknown>, said: string) => { try { await run(); undo(said); await client.invalidateQueries({ queryKey: ['intake'] }) } catch (e) { fail(e) } }
  const p = pull.data
  return (
    <div className="page">
      <PageHeader title={f.name} back={{ to: '/intake', label: t.back }} count={<StatusTag tone={feedTones[f.state] ?? 'idle'}>{t.states[f.state] ?? f.state}</StatusTag>}>
        {steers && f.kind === 'sql' && f.state !== 'stopped' && <Button type="primary" onClick={() => void act(() => call('POST /api/v1/intake/pulls/{id}/run', { path: { id } }), t.running)}>{t.run}</Button>}
        {steers && (f.state === 'stopped'
          ? <Button onClick={() => void act(() => call('POST /api/v1/intake/feeds/{id}/start', { path: { id } }), t.started)}>{t.start}</Button>
          : f.kind !== 'upload' && f.kind !== 'command' && <Button onClick={() => void act(() => call('POST /api/v1/intake/feeds/{id}/stop', { path: { id } }), t.stopped)}>{t.stop}</Button>)}
      </PageHeader>
      <div className="stack">
        {f.last_error && <Panel><p className="late">{f.last_error} <When at={f.error_at} time /></p></Panel>}
        <Panel title={t.day} note={t.dayOf(count(f.day_taken), count(f.day_open), count(f.day_repeated))}>
          {hours.error && !hours.data ? <Failure error={hours.error} retry={() => void hours.refetch()} /> : hours.data ? <Curve hours={hours.data.items} /> : <p className="sub" aria-busy="true">…</p>}
        </Panel>
        <Panel title={t.since} note={t.newPeople}><Tally counts={f} />{f.discarded > 0 && <p className="sub">{t.discardedN(count(f.discarded))}</p>}</Panel>
        <div className="cols2">
          <Panel title={t.source}><Facts items={[[t.kind, i.kinds[f.kind] ?? f.kind], [i.address, f.address || '—'], [i.lastRun, f.last_run_at ? <When at={f.last_run_at} time /> : i.never], [t.told, f.told_at ? <When at={f.told_at} time /> : '—']]} /></Panel>
          {steers && f.kind !== 'upload' && f.kind !== 'command' && <Panel title={t.late} note={t.lateZero}>
            <div className="row"><InputNumber aria-label={t.late} min={0} max={10080} precision={0} value={late ?? (f.late_own ? f.late_minutes : 0)} onChange={v => setLate(v ?? 0)} />
              <Button disabled={late === null} onClick={() => void act(() => call('PATCH /api/v1/intake/feeds/{id}', { path: { id }, body: { late_minutes: late ?? 0 } }), t.lateSaved)}>{t.saveLate}</Button></div>
          </Panel>}
        </div>
        {p && <Panel title={p.view} note={t.readOnly} extra={steers && <Link to="/intake/pull" search={{ feed: id } as never}>{t.edit}</Link>}>
          <Facts items={[[t.driver, p.driver], [t.host, `${p.host}:${p.port || ''}`], [t.account, p.account], [t.key, p.key_column], [t.changed, p.changed_column || t.whole], [t.every, String(p.every_minutes)], [t.next, <When at={p.next_at} time />], [t.mark, p.mark || '—'], [t.seen, count(p.seen)], [t.gone, count(p.gone)]]} />
        </Panel>}
      </div>
    </div>
  )
}
