import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../../../api/call'
import type { Offer } from '../../../api/contract/segment'
import { ageOf, count, totalOf } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { segment } from '../../../lib/text/segment'
import { Failure, Panel } from '../../../lib/ui'
import { useSession } from '../../session'
import { useSettled } from '../part/gauge'
import { close, conditions, whole, type Row } from './model'

/** Live counts while one builds: it waits until the conditions rest, and a newer question cancels the older one. */
export function Live({ root, offers }: { root: Row; offers: Offer[] }) {
  const t = useText(segment)
  const c = useText(common)
  const { may } = useSession()
  const ready = whole(offers, root)
  const text = useSettled(ready ? JSON.stringify(close(root)) : '', 350)
  const [exactFor, setExactFor] = useState('')
  const exact = exactFor === text && text !== ''
  const asks = ready && text !== ''
  const tree = asks ? JSON.parse(text) as ReturnType<typeof close> : undefined
  const q = useQuery({ queryKey: ['segment', 'count', text, exact], enabled: asks, placeholderData: keepPreviousData, retry: false, staleTime: 15_000, queryFn: ({ signal }) => call('POST /api/v1/segments/count', { body: { tree: tree!, exact }, signal }) })
  const reads = may('patient.patient.read')
  const sample = useQuery({ queryKey: ['segment', 'sample', text], enabled: asks && reads && q.isSuccess && !q.isPlaceholderData, placeholderData: keepPreviousData, retry: false, staleTime: 15_000, queryFn: ({ signal }) => call('POST /api/v1/segments/sample', { body: { tree: tree! }, signal }) })
  const stale = q.isFetching || (ready && text !== JSON.stringify(close(root)))
  return (
    <Panel title={t.live}>
      <div aria-live="polite" aria-busy={stale}>
        {!ready ? <p className="sub">{conditions(root) ? t.incomplete : t.start}</p>
          : q.error ? <Failure error={q.error} retry={() => void q.refetch()} />
            : !q.data ? <p className="sub">{t.counting}</p>
              : <div className={'sg-live' + (stale ? ' stale' : '')}><strong>{totalOf(q.data)}</strong>{q.data.exact || stale ? null : <button type="button" className="link" onClick={() => setExactFor(text)}>{t.exactNow}</button>}{stale && <span className="sub">{t.counting}</span>}</div>}
      </div>
      {ready && !reads && <p className="sub">{t.noSample}</p>}
      {ready && reads && !q.error && q.data && (
        sample.data && sample.data.items.length === 0 ? <p className="sub">{t.nobody} · {t.nobodyHint}</p> : sample.data && (
          <div className="sg-scroll" tabIndex={0} role="region" aria-label={t.sample}>
            <table className="sg-sample">
              <caption className="sub">{sample.data.items.length < 20 ? count(sample.data.items.length) : t.sample} · {t.sampleHint}</caption>
              <tbody>{sample.data.items.map(p => <tr key={p.id}><td><Link to="/patients/$id" params={{ id: p.id }}>{p.name}</Link></td><td>{c.sexOf[p.sex] ?? ''} {ageOf(p.birth_date)}</td><td>{p.phone}</td></tr>)}</tbody>
            </table>
          </div>
        )
      )}
    </Panel>
  )
}
