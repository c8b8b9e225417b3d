import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { call } from '../../../api/call'
import type { FeedRow } from '../../../api/contract/intake'
import { count, relTime } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { feed } from '../../../lib/text/feed'
import { intake } from '../../../lib/text/intake'
import { Failure, Panel, State, StatusTag, When, type Tone } from '../../../lib/ui'
import { Tally } from './tally'

export const feedTones: Record<string, Tone> = { ok: 'ok', late: 'warn', behind: 'info', error: 'bad', idle: 'idle', stopped: 'idle' }

/** Feeds shows every source as a card: whether it speaks, of when, and what waits. */
export function Feeds({ query: q }: { query: { data?: { items: FeedRow[] }; error: unknown; isPending: boolean; refetch: () => unknown } }) {
  const t = useText(intake)
  const w = useText(feed)
  if (q.error && !q.data) return <Panel><Failure error={q.error} retry={() => void q.refetch()} /></Panel>
  if (!q.data) return <Panel><div aria-busy="true" className="sub">…</div></Panel>
  if (q.data.items.length === 0) return <Panel><State title={t.noFeeds} hint={t.noFeedsHint} /></Panel>
  return (
    <div className="stack">
      <Unchecked />
      <div className="feeds">
        {q.data.items.map(f => (
          <section className={'panel feed is-' + f.state} key={f.id} aria-label={f.name}>
            <h2><Link to="/intake/feeds/$id" params={{ id: f.id }}>{f.name}</Link><small>{t.kinds[f.kind] ?? f.kind}{f.address ? ` · ${f.address}` : ''}</small><span className="panel-extra"><StatusTag tone={feedTones[f.state] ?? 'idle'}>{w.states[f.state] ?? f.state}</StatusTag></span></h2>
            <div className="row sub"><span>{f.last_run_at ? w.heard(relTime(f.last_run_at)) : t.never}</span>{!!f.told_at && <span>{w.told} <When at={f.told_at} time /></span>}</div>
            <Tally counts={f} />
            <p className="sub">{w.day} · {w.dayOf(count(f.day_taken), count(f.day_open), count(f.day_repeated))}</p>
            {f.last_error && <p className="late">{f.last_error}</p>}
            {f.state === 'late' && <p className="soon">{w.lateHint(f.late_minutes)}</p>}
            {f.state === 'behind' && <p className="soon">{w.behindHint(w.span(Math.round(f.lag_ms / 60_000)))}</p>}
            <div className="row">{f.review > 0 && <Link to="/intake" search={{ view: 'review', feed: f.id } as never}>{t.toReview} {count(f.review)}</Link>}{f.rejected > 0 && <Link to="/intake" search={{ view: 'rejected', feed: f.id } as never}>{t.showRejected} {count(f.rejected)}</Link>}</div>
          </section>
        ))}
      </div>
    </div>
  )
}

/** Unchecked says that feeds brought departments nobody has looked at. */
function Unchecked() {
  const w = useText(feed)
  const q = useQuery({ queryKey: ['staff', 'department'], queryFn: ({ signal }) => call('GET /api/v1/departments', { signal }) })
  const n = (q.data?.items ?? []).filter(d => d.checked === false).length
  if (n === 0) return null
  return <Panel title={w.departments(count(n))} extra={<Link to="/staff" search={{ view: 'departments' } as never}>{w.goDepartments}</Link>}><p className="sub">{w.departmentsHint}</p></Panel>
}
