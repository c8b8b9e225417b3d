import { Skeleton } from 'antd'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { call } from '../../api/call'
import '../../api/contract/relation'
import { count, percent } from '../../lib/format'
import { useText } from '../../lib/i18n'
import { profile } from '../../lib/text/profile'
import { Empty, Failure, PageHeader, Panel } from '../../lib/ui'
import { useUrl } from '../../lib/url'
import './patient-regions.css'

/** Patients by region: a level at a time, from the provinces down to streets; every level adds up to the one above. */
export default function Regions() {
  const t = useText(profile)
  const url = useUrl()
  const trail = url.many('at')
  const code = trail.at(-1) ?? ''
  const q = useQuery({ queryKey: ['patient', 'regions', code], placeholderData: keepPreviousData, queryFn: ({ signal }) => call('GET /api/v1/patients/regions', { query: { code }, signal }) })
  const fresh = useQuery({ queryKey: ['patient', 'freshness'], staleTime: 60_000, queryFn: ({ signal }) => call('GET /api/v1/patients/freshness', { signal }) })
  const into = (next: string[]) => url.set({ at: next })
  const top = Math.max(...(q.data?.parts.map(p => p.patients) ?? []), 1)
  const f = fresh.data
  return (
    <div className="page">
      <PageHeader title={t.region.title} back={{ to: '/patients', label: t.region.back }} count={q.data && t.region.total(count(q.data.patients))} />
      {f && f.points > 0 && <Panel title={t.region.fresh}><p className="fresh"><b>{t.fresh.share(percent(f.fresh / f.points))}</b> <span className="sub">{t.fresh.detail(count(f.fresh), count(f.points), count(f.wrong))}</span></p></Panel>}
      <nav className="region-trail" aria-label={t.region.trail}>
        <button className="link" onClick={() => into([])} aria-current={code === ''}>{t.region.country}</button>
        {trail.map((c, i) => <Crumb key={c} code={c} current={i === trail.length - 1} onGo={() => into(trail.slice(0, i + 1))} />)}
      </nav>
      {q.error && !q.data ? <Failure error={q.error} retry={() => void q.refetch()} /> : !q.data ? <Skeleton active paragraph={{ rows: 8 }} /> : q.data.patients === 0 ? <Empty title={t.region.empty} /> : (
        <table className="regions">
          <thead><tr><th>{t.region.col.name}</th><th className="right">{t.region.col.patients}</th><th className="right wide">{t.region.col.share}</th></tr></thead>
          <tbody>{q.data.parts.map((p, i) => (
            <tr key={p.code || p.name || i}>
              <td>{p.deeper ? <button className="link" onClick={() => into([...trail, p.code])}>{p.name}</button> : p.name || <span className="sub">{t.region.unknown}</span>}<i className="bar" aria-hidden="true"><u style={{ width: `${(p.patients / top) * 100}%` }} /></i></td>
              <td className="right">{t.region.patients(count(p.patients))}</td>
              <td className="right wide">{percent(p.patients / q.data.patients)}</td>
            </tr>))}</tbody>
        </table>
      )}
    </div>
  )
}

/** Crumb names one level above, from the answer that was already loaded for it. */
function Crumb({ code, current, onGo }: { code: string; current: boolean; onGo: () => void }) {
  const q = useQuery({ queryKey: ['patient', 'regions', code], staleTime: 60_000, queryFn: ({ signal }) => call('GET /api/v1/patients/regions', { query: { code }, signal }) })
  return <><span aria-hidden="true">›</span><button className="link" aria-current={current} onClick={onGo}>{q.data?.name || code}</button></>
}
