import { Skeleton } from 'antd'
import { WalletOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../../api/call'
import { relDay, yuan } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { patient as words } from '../../../lib/text/patient'
import { Failure, State } from '../../../lib/ui'

/** Spending shows per-day totals that expand to items, and the years beside them. */
export function Spending({ id }: { id: string }) {
  const t = useText(words)
  const [year, setYear] = useState<number>()
  const q = useQuery({ queryKey: ['patient', id, 'spend', year ?? 0], placeholderData: keepPreviousData, queryFn: ({ signal }) => call('GET /api/v1/patients/{id}/spend', { path: { id }, query: { year }, signal }) })
  if (q.error && !q.data) return <Failure error={q.error} retry={() => void q.refetch()} />
  if (!q.data) return <Skeleton active paragraph={{ rows: 8 }} />
  if (q.data.years.length === 0) return <State icon={<WalletOutlined />} title={t.spend.empty} hint={t.spend.emptyHint} />
  const top = Math.max(...q.data.years.map(y => y.total_fen), 1)
  return (
    <div className="spend">
      <div className="spend-years" role="group" aria-label={t.spend.allYears}>
        {q.data.years.map(y => <button key={y.year} aria-pressed={year === y.year} onClick={() => setYear(year === y.year ? undefined : y.year)}><span>{t.spend.year(y.year)}</span><i style={{ width: `${Math.max(2, (y.total_fen / top) * 100)}%` }} aria-hidden="true" /><b>{yuan(y.total_fen)}</b></button>)}
      </div>
      {q.data.days.map((d, i) => (
        <details key={d.date} open={i === 0}>
          <summary><time dateTime={d.date}>{d.date}</time><span className="sub">{relDay(d.date) !== d.date && relDay(d.date)} · {t.spend.items(d.items.length)}</span><b>{yuan(d.total_fen)}</b></summary>
          <table><thead><tr><th>{t.spend.item}</th><th>{t.spend.category}</th><th className="right">{t.spend.quantity}</th><th className="right">{t.spend.amount}</th></tr></thead>
            <tbody>{d.items.map((x, n) => <tr key={n}><td>{x.name}</td><td className="sub">{x.category}</td><td className="right">{x.quantity}</td><td className="right">{yuan(x.amount_fen)}</td></tr>)}</tbody>
            <tfoot><tr><td colSpan={3}>{t.spend.total}</td><td className="right">{yuan(d.items.reduce((n, x) => n + x.amount_fen, 0))}</td></tr></tfoot></table>
        </details>
      ))}
    </div>
  )
}
