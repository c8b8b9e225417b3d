import { Button } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { call } from '../../../api/call'
import type { Segment, SegmentTree } from '../../../api/contract/segment'
import { count } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { segment } from '../../../lib/text/segment'
import { Failure, Panel, Tag, When } from '../../../lib/ui'

/** Aside is what the house knows about a saved segment: its coming and going, who uses it, and its history. */
export function Aside({ row, locked, onBring }: { row: Segment; locked: boolean; onBring: (tree: SegmentTree) => void }) {
  const t = useText(segment)
  const path = { id: row.id }
  const moves = useQuery({ queryKey: ['segment', 'movement', row.id, row.version], enabled: row.tracked && !!row.filled_at, queryFn: ({ signal }) => call('GET /api/v1/segments/{id}/movement', { path, query: { days: 7 }, signal }) })
  const uses = useQuery({ queryKey: ['segment', 'uses', row.id, row.version], queryFn: ({ signal }) => call('GET /api/v1/segments/{id}/uses', { path, signal }) })
  const past = useQuery({ queryKey: ['segment', 'versions', row.id, row.version], queryFn: ({ signal }) => call('GET /api/v1/segments/{id}/versions', { path, signal }) })
  return (
    <>
      {moves.data && <Panel title={t.movement}><div className="row"><Tag>{t.inNow(count(moves.data.in))}</Tag><Tag>{t.entered(count(moves.data.entered))}</Tag><Tag>{t.left(count(moves.data.left))}</Tag></div></Panel>}
      <Panel title={t.uses}>
        {uses.error ? <Failure error={uses.error} retry={() => void uses.refetch()} /> : uses.data && (uses.data.items.length === 0 ? <p className="sub">{t.noUses}</p>
          : <ul className="plain-list">{uses.data.items.map(u => <li key={u.ref}><Tag>{t.useKinds[u.kind] ?? u.kind}</Tag>{u.kind === 'segment' ? <Link to="/segments/$id" params={{ id: u.ref }}>{u.name}</Link> : u.name}</li>)}</ul>)}
      </Panel>
      <Panel title={t.history}>
        {past.error ? <Failure error={past.error} retry={() => void past.refetch()} /> : (
          <ul className="sg-history">
            {past.data?.items.map((v, i) => (
              <li key={v.version}>
                <div className="row"><b>{t.version(v.version)}</b><span className="sub">{v.author} · <When at={v.at} time /></span><span className="grow" />{i > 0 && !locked && <Button size="small" type="link" onClick={() => onBring(v.tree)}>{t.bringBack}</Button>}</div>
                <ul>
                  {v.version === 1 && <li>{t.first}</li>}
                  {v.version > 1 && v.changes.length === 0 && <li>{t.same}</li>}
                  {v.changes.map((c, k) => <li key={k}>{t.changes[c.what] ?? c.what}: {c.from && <del>{t.words[c.from] ?? c.from}</del>} {c.to && <ins>{t.words[c.to] ?? c.to}</ins>}</li>)}
                </ul>
              </li>
            ))}
          </ul>
        )}
      </Panel>
    </>
  )
}
