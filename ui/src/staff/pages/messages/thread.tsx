import { Skeleton } from 'antd'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { call } from '../../../api/call'
import '../../../api/contract/send'
import { dayOf, exact, relDay, timeOf } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { message } from '../../../lib/text/message'
import { Failure } from '../../../lib/ui'

/** Thread is what was written to and fro with one patient, oldest first. */
export function Thread({ patient, mark }: { patient: string; mark?: string }) {
  const t = useText(message)
  const end = useRef<HTMLLIElement>(null)
  const marked = useRef<HTMLLIElement>(null)
  const first = useRef(true)
  const q = useQuery({ queryKey: ['message', 'thread', patient], queryFn: ({ signal }) => call('GET /api/v1/patients/{id}/thread', { path: { id: patient }, signal }) })
  const items = [...(q.data?.items ?? [])].sort((a, b) => a.at.localeCompare(b.at))
  // The message that was asked for shows first; later ones follow as they come.
  useEffect(() => { if (items.length === 0) return; const to = first.current && marked.current ? marked.current : end.current; first.current = false; to?.scrollIntoView({ block: 'nearest' }) }, [items.length, patient])
  if (q.error && !q.data) return <Failure error={q.error} retry={() => void q.refetch()} />
  if (!q.data) return <Skeleton active paragraph={{ rows: 4 }} />
  if (items.length === 0) return <p className="sub">{t.threadEmpty}</p>
  let day = ''
  return (
    <ol className="chat" aria-label={t.thread} tabIndex={0}>
      {items.map((m, i) => {
        const d = dayOf(m.at)
        const head = d !== day
        day = d
        return (
          <li key={m.id} ref={m.id === mark ? marked : i === items.length - 1 ? end : undefined} className={m.direction + (m.id === mark ? ' mark' : '')}>
            {head && <span className="chat-day">{relDay(m.at)}</span>}
            <div className="bubble"><p>{m.text}</p></div>
            <small className="sub" title={exact(m.at)}>{[m.actor, timeOf(m.at), m.direction === 'out' ? t.states[m.state] ?? m.state : ''].filter(Boolean).join(' · ')}</small>
          </li>
        )
      })}
    </ol>
  )
}
