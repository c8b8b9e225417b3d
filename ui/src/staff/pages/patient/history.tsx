import { Button, Skeleton } from 'antd'
import { CalendarOutlined, EditOutlined, ExperimentOutlined, ExportOutlined, FileDoneOutlined, MedicineBoxOutlined, MessageOutlined, WalletOutlined } from '@ant-design/icons'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { call } from '../../../api/call'
import type { EventKind, TimelineEvent } from '../../../api/contract/timeline'
import { count, yuan } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { patient as words } from '../../../lib/text/patient'
import { useUrl } from '../../../lib/url'
import { Failure, State, Timeline, type Entry } from '../../../lib/ui'

const looks: Record<EventKind, { icon: ReactNode; hue: string }> = {
  followup: { icon: <FileDoneOutlined />, hue: 'teal' },
  message: { icon: <MessageOutlined />, hue: 'violet' },
  encounter: { icon: <MedicineBoxOutlined />, hue: 'blue' },
  charge: { icon: <WalletOutlined />, hue: '' },
  report: { icon: <ExperimentOutlined />, hue: 'green' },
  appointment: { icon: <CalendarOutlined />, hue: 'amber' },
  record: { icon: <EditOutlined />, hue: '' },
}
const order = Object.keys(looks) as EventKind[]

/** History is the time line of a patient; the kind stands in the address. */
export function History({ id, counts }: { id: string; counts: Partial<Record<EventKind, number>> }) {
  const t = useText(words)
  const c = useText(common)
  const url = useUrl()
  const kind = url.one('kind')
  const q = useInfiniteQuery({
    queryKey: ['patient', id, 'timeline', kind ?? ''], initialPageParam: '',
    queryFn: ({ pageParam, signal }) => call('GET /api/v1/patients/{id}/timeline', { path: { id }, query: { kind, cursor: pageParam, limit: 50 }, signal }),
    getNextPageParam: last => last.next || undefined,
  })
  const entry = (e: TimelineEvent): Entry => {
    const look = looks[e.kind] ?? looks.record
    return { id: e.id, at: e.at, icon: look.icon, hue: look.hue, kind: t.kinds[e.kind] ?? e.kind, title: e.title, actor: e.actor.startsWith('system') ? c.system : e.actor, body: e.body || undefined, status: e.status ? { tone: e.tone || 'plain', label: t.statuses[e.status] ?? e.status } : undefined, more: e.amount_fen ? <span className="money">{yuan(e.amount_fen)}</span> : typeof e.detail?.link === 'string' ? <a href={e.detail.link} target="_blank" rel="noopener noreferrer"><ExportOutlined /> {t.timeline.report}</a> : undefined, hot: e.tone === 'bad' }
  }
  const items = q.data?.pages.flatMap(p => p.items) ?? []
  return (
    <>
      <div className="chips" role="group" aria-label={t.tabs.timeline}>
        <button aria-pressed={!kind} onClick={() => url.set({ kind: undefined })}>{t.kinds.all}</button>
        {order.filter(k => counts[k] || k === kind).map(k => <button key={k} aria-pressed={kind === k} onClick={() => url.set({ kind: k })}>{t.kinds[k]}<em>{count(counts[k] ?? 0)}</em></button>)}
      </div>
      {q.isPending && <Skeleton active avatar paragraph={{ rows: 10 }} />}
      {q.error && !q.data && <Failure error={q.error} retry={() => void q.refetch()} />}
      {q.data && items.length === 0 && <State title={kind ? t.timeline.emptyKind : t.timeline.empty} hint={kind ? undefined : t.timeline.emptyHint} action={kind && <Button onClick={() => url.set({ kind: undefined })}>{t.timeline.showAll}</Button>} />}
      <Timeline entries={items.map(entry)} />
      {q.hasNextPage && <Button block loading={q.isFetchingNextPage} onClick={() => void q.fetchNextPage()}>{t.timeline.more}</Button>}
    </>
  )
}
