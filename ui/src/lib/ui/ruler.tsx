import { addDays } from '../format'
import { useText } from '../i18n'
import { common } from '../text/common'

/** One step on the ruler: calendar days after day 0. */
export interface RulerPoint { day: number; label: string; state?: 'done' | 'due' | 'late' | 'pending' | 'skipped'; /** The real date when the calendar moved it. */ date?: string; key?: string }

/** DayRuler draws a plan on its day axis. Distances shrink with time (square root), so that D10 and D90 fit one line. */
export function DayRuler({ points, start, onPick }: { points: RulerPoint[]; start?: string; onPick?: (p: RulerPoint) => void }) {
  const t = useText(common)
  const sorted = [...points].sort((a, b) => a.day - b.day)
  const max = Math.max(7, ...sorted.map(p => p.day))
  const x = spread(sorted.map(p => Math.sqrt(Math.max(0, p.day) / max) * 94 + 2))
  return (
    <ol className="ruler" aria-label={t.ruler}>
      {sorted.map((p, i) => {
        const date = p.date ?? (start ? addDays(start, p.day) : undefined)
        const moved = p.date && start && p.date !== addDays(start, p.day)
        const body = <><b>D{p.day}</b><i aria-hidden="true" /><span>{p.label}</span>{date && <time dateTime={date} className={moved ? 'moved' : undefined}>{date.slice(5)}{moved ? ' *' : ''}</time>}</>
        return <li key={p.key ?? i} className={`${p.state ?? 'pending'}${i % 2 ? ' odd' : ''}`} style={{ left: `${x[i]}%` }} title={`${t.day(p.day)} · ${p.label}${date ? ' · ' + date : ''}`}>{onPick ? <button onClick={() => onPick(p)}>{body}</button> : body}</li>
      })}
    </ol>
  )
}

/** spread keeps neighbours at least nine percent apart, pushing to the right and then back inside. */
export function spread(at: number[], gap = 9, end = 96): number[] {
  const out = [...at]
  const step = Math.min(gap, (end - 2) / Math.max(1, out.length - 1))
  for (let i = 1; i < out.length; i++) out[i] = Math.max(out[i]!, out[i - 1]! + step)
  let limit = end
  for (let i = out.length - 1; i >= 0; i--) { out[i] = Math.min(out[i]!, limit); limit = out[i]! - step }
  return out
}
