import type { ReactNode } from 'react'
import { dayOf, exact, relDay, timeOf } from '../format'
import { useText } from '../i18n'
import { common } from '../text/common'
import { StatusTag, type Tone } from './bits'

/** One entry of the time line. */
export interface Entry { id: string; at: string; icon: ReactNode; hue: string; kind: string; title: ReactNode; actor?: ReactNode; body?: ReactNode; status?: { tone: Tone; label: string }; more?: ReactNode; hot?: boolean; dateOnly?: boolean }

/** Timeline groups entries by day, newest first. */
export function Timeline({ entries }: { entries: Entry[] }) {
  const t = useText(common)
  const days: [string, Entry[]][] = []
  for (const e of entries) {
    const d = dayOf(e.at)
    const lastDay = days[days.length - 1]
    if (lastDay?.[0] === d) lastDay[1].push(e)
    else days.push([d, [e]])
  }
  return (
    <ol className="tl" aria-label={t.timeline}>
      {days.map(([d, list]) => (
        <li key={d}>
          <time dateTime={d}><b>{relDay(d)}</b>{relDay(d) !== d && <span>{d.slice(5)}</span>}</time>
          <div>
            {list.map(e => (
              <article key={e.id} className={e.hot ? 'hot' : undefined}>
                <span className={'tl-ic ' + e.hue} title={e.kind} role="img" aria-label={e.kind}>{e.icon}</span>
                <div>
                  <header><b>{e.title}</b><span title={exact(e.at)}>{e.dateOnly ? '' : timeOf(e.at)}{e.actor && !e.dateOnly ? ' · ' : ''}{e.actor}</span>{e.status && <StatusTag tone={e.status.tone}>{e.status.label}</StatusTag>}</header>
                  {e.body && <p>{e.body}</p>}
                  {e.more}
                </div>
              </article>
            ))}
          </div>
        </li>
      ))}
    </ol>
  )
}
