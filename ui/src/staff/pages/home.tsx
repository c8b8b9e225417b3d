import { Button, Segmented } from 'antd'
import { ArrowLeftOutlined, PhoneOutlined } from '@ant-design/icons'
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { call } from '../../api/call'
import '../../api/contract/task'
import type { Task, TaskList } from '../../api/contract/task'
import { count, totalOf } from '../../lib/format'
import { useText } from '../../lib/i18n'
import { useKeys } from '../../lib/keys'
import { common } from '../../lib/text/common'
import { worklist } from '../../lib/text/worklist'
import { useUrl } from '../../lib/url'
import { Failure, PageHeader, SavedViews, State, useNarrow } from '../../lib/ui'
import { useSession } from '../session'
import { TaskPane } from './home/pane'
import { TaskRow, TaskSkeleton } from './home/row'
import './home.css'

const lists: TaskList[] = ['due', 'overdue', 'escalated', 'flags', 'upcoming']

/** Home is the nurse's worklist: who is next on the left, everything to call them on the right. */
export default function Home() {
  const t = useText(worklist)
  const c = useText(common)
  const url = useUrl()
  const { may, session } = useSession()
  const narrow = useNarrow()
  const client = useQueryClient()
  const list = (lists.includes(url.one('view') as TaskList) ? url.one('view') : 'due') as TaskList
  // Who hands out work and has none of their own, such as a head of department, begins with the department's.
  const [first] = useState(() => (!session.badges.worklist && may('followup.task.assign') ? 'team' : 'mine'))
  const chosen = url.one('who')
  const who = chosen === 'team' || chosen === 'mine' ? chosen : first
  const box = useRef<HTMLUListElement>(null)

  const counts = useQuery({ queryKey: ['worklist', 'counts', who], placeholderData: keepPreviousData, queryFn: ({ signal }) => call('GET /api/v1/followup/worklist/counts', { query: { who }, signal }) })
  const q = useInfiniteQuery({
    queryKey: ['worklist', 'list', list, who], initialPageParam: '',
    queryFn: ({ pageParam, signal }) => call('GET /api/v1/followup/worklist', { query: { list, who, cursor: pageParam, limit: 50 }, signal }),
    getNextPageParam: last => last.next || undefined,
  })
  const tasks = useMemo(() => q.data?.pages.flatMap(p => p.items) ?? [], [q.data])
  const wanted = url.one('task')
  const at = Math.max(0, tasks.findIndex(x => x.id === wanted))
  const current: Task | undefined = wanted ? tasks.find(x => x.id === wanted) : narrow ? undefined : tasks[0]
  const shownId = current?.id ?? wanted

  const open = useCallback((id: string | undefined) => url.set({ task: id, cursor: undefined }), [url])
  const step = useCallback((by: number) => {
    const next = tasks[Math.max(0, Math.min(at + by, tasks.length - 1))]
    if (next) open(next.id)
  }, [tasks, at, open])
  useEffect(() => { box.current?.querySelector('.on')?.scrollIntoView({ block: 'nearest' }) }, [shownId])
  // The neighbours are fetched ahead, so that the next patient stands there at once.
  useEffect(() => {
    const next = tasks[at + 1]
    if (next) void client.prefetchQuery({ queryKey: ['worklist', 'task', next.id], staleTime: 15_000, queryFn: ({ signal }) => call('GET /api/v1/followup/tasks/{id}', { path: { id: next.id }, signal }) })
  }, [tasks, at, client])

  // After an outcome the task leaves the list: the one that moves up into its place is next.
  const advance = useCallback((doneId: string, nextId?: string) => {
    const i = tasks.findIndex(x => x.id === doneId)
    const next = tasks.find(x => x.id === nextId) ?? tasks[i + 1] ?? tasks[i - 1]
    open(next?.id)
    void client.invalidateQueries({ queryKey: ['worklist'] })
  }, [tasks, open, client])

  useKeys(t.group, [
    { key: 'j', show: 'j k', label: c.keys.move, run: () => step(1) },
    { key: 'k', run: () => step(-1) },
    { key: 'ArrowDown', run: () => step(1) },
    { key: 'ArrowUp', run: () => step(-1) },
    { key: 'n', label: t.next, run: () => step(1) },
    { key: 'alt+n', label: t.next, anywhere: true, run: () => step(1) },
  ])

  const total = counts.data ? lists.slice(0, 4).reduce((n, k) => n + (counts.data?.[k] ?? 0), 0) : undefined
  const words = t.empty[list] ?? []
  // My own lists are counted up to 1,000; the department's to the end.
  const long = (n: number) => totalOf(who === 'team' || n <= 1000 ? { value: n, exact: true } : { value: 1000, exact: false })
  const late = list === 'due' ? counts.data?.overdue ?? 0 : 0
  const views = lists.map(k => ({ key: k, label: t.lists[k] ?? k, search: { view: k === 'due' ? undefined : k, who: chosen }, count: counts.data ? long(counts.data[k]) : '·', hot: (k === 'flags' || k === 'overdue' || k === 'escalated') && !!counts.data?.[k] }))
  const showList = !narrow || !shownId
  return (
    <div className="page home">
      {showList && <>
        <PageHeader title={t.title} count={total === undefined ? '' : t.count(count(total))}>
          {may('followup.*') && <Segmented aria-label={t.who} value={who} onChange={v => url.set({ who: v, task: undefined })} options={[{ value: 'mine', label: t.mine }, { value: 'team', label: session.scope.reach === 'all' ? t.everybody : t.team }]} />}
        </PageHeader>
        <SavedViews views={views} />
      </>}
      <div className="home-split">
        {showList && <section className="home-list" aria-label={t.lists[list]}>
          {q.isPending && <TaskSkeleton />}
          {q.error && <Failure error={q.error} retry={() => void q.refetch()} />}
          {q.data && tasks.length === 0 && <State icon={<PhoneOutlined />} title={late ? t.lateLeft(late) : words[0]} hint={late ? '' : words[1]} action={late ? <Button type="primary" onClick={() => url.reset({ view: 'overdue', who: chosen })}>{t.showLate}</Button> : list !== 'upcoming' && <Button onClick={() => url.reset({ view: 'upcoming', who: chosen })}>{t.showUpcoming}</Button>} />}
          <ul ref={box}>{tasks.map(x => <TaskRow key={x.id} task={x} on={x.id === shownId} team={who === 'team'} onOpen={open} />)}</ul>
          {q.hasNextPage && <Button block type="text" loading={q.isFetchingNextPage} onClick={() => void q.fetchNextPage()}>{t.more}</Button>}
        </section>}
        {narrow && shownId && <Button className="home-back" type="text" icon={<ArrowLeftOutlined />} onClick={() => open(undefined)}>{t.backToList}</Button>}
        {(!narrow || shownId) && <section className="home-pane" aria-live="off">
          {shownId
            ? <TaskPane key={shownId} id={shownId} brief={current} place={current && tasks.length > 0 ? t.step(at + 1, counts.data?.[list] ?? tasks.length) : ''} onDone={advance} onNext={() => step(1)} />
            : q.data && tasks.length > 0 && <State icon={<PhoneOutlined />} title={t.pickOne} hint={t.pickHint} />}
        </section>}
      </div>
    </div>
  )
}
