import type { Hour } from '../../../api/contract/feed'
import { timeOf } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { feed } from '../../../lib/text/feed'

/** Curve draws 24 hours as bars, with the same figures as a table for those who do not see them. */
export function Curve({ hours }: { hours: Hour[] }) {
  const t = useText(feed)
  const most = Math.max(1, ...hours.map(h => h.taken + h.open))
  const height = (n: number) => (n === 0 ? 0 : Math.max(2, (n / most) * 56))
  if (hours.every(h => h.taken + h.open + h.repeated === 0)) return <p className="sub">{t.quiet}</p>
  return (
    <div className="curve">
      <svg viewBox="0 0 288 60" width="100%" height="60" preserveAspectRatio="none" aria-hidden="true">
        {hours.map((h, i) => <g key={h.at}>
          <title>{t.hour(timeOf(h.at), h.taken, h.open)}</title>
          <rect x={i * 12 + 1} y={0} width={10} height={60} fill="transparent" />
          <rect x={i * 12 + 1} y={60 - height(h.taken)} width={10} height={height(h.taken)} fill="var(--brand)" />
          <rect x={i * 12 + 1} y={60 - height(h.taken) - height(h.open)} width={10} height={height(h.open)} fill="var(--warn)" />
        </g>)}
      </svg>
      <div className="row sub"><span>{timeOf(hours[0]!.at)}</span><span className="grow" /><span>{timeOf(hours[hours.length - 1]!.at)}</span></div>
      <details><summary className="sub">{t.graph}</summary>
        <table className="plain"><thead><tr><th>{t.hourCol}</th><th>{t.takenCol}</th><th>{t.openCol}</th><th>{t.repeatedCol}</th></tr></thead>
          <tbody>{hours.filter(h => h.taken + h.open + h.repeated > 0).map(h => <tr key={h.at}><td>{timeOf(h.at)}</td><td>{h.taken}</td><td>{h.open}</td><td>{h.repeated}</td></tr>)}</tbody></table>
      </details>
    </div>
  )
}
