import { Button } from 'antd'
import { EditOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { call } from '../../api/call'
import '../../api/contract/message'
import { count } from '../../lib/format'
import { useText } from '../../lib/i18n'
import { useKeys } from '../../lib/keys'
import { common } from '../../lib/text/common'
import { message } from '../../lib/text/message'
import { PageHeader, PageSkeleton, SavedViews } from '../../lib/ui'
import { useUrl } from '../../lib/url'
import { useSession } from '../session'
import { Boxes } from './messages/boxes'
import { Compose } from './messages/compose'
import { Inbox } from './messages/inbox'
import './part/form.css'
import './messages.css'

const Templates = lazy(() => import('./messages/templates'))

/** Messages: replies first, then what waits, what went and what was held back (SM-01…04, 08, 21, 22). */
export default function Messages() {
  const t = useText(message)
  const c = useText(common)
  const url = useUrl()
  const { may, session } = useSession()
  const [writing, setWriting] = useState(false)
  const totals = useQuery({ queryKey: ['message', 'totals'], queryFn: ({ signal }) => call('GET /api/v1/messages/totals', { signal }), enabled: may('message.message.list'), refetchInterval: 30_000 })
  const view = url.one('view') ?? 'mine'
  const writes = may('message.message.send') && !session.scope.read_only
  useKeys(c.keys.page, writes ? [{ key: 'n', label: t.keysCompose, run: () => setWriting(true) }] : [])
  const n = totals.data
  const views = [
    { key: 'mine', label: t.views.mine, search: {}, count: session.badges?.inbox ? count(session.badges.inbox) : undefined, hot: true },
    { key: 'all', label: t.views.all, search: {} },
    ...(may('message.incoming.read_unassigned') ? [{ key: 'unmatched', label: t.views.unmatched, search: {} }] : []),
    { key: 'outbox', label: t.views.outbox, search: {}, count: n && count(n.pending) },
    { key: 'sent', label: t.views.sent, search: {} },
    { key: 'blocked', label: t.views.blocked, search: {}, count: n && count(n.blocked) },
    ...(may('message.template.*') ? [{ key: 'templates', label: t.views.templates, search: {} }] : []),
  ]
  return (
    <div className="page">
      <PageHeader title={t.title}>{writes && view !== 'templates' && <Button type="primary" icon={<EditOutlined />} onClick={() => setWriting(true)}>{t.compose}</Button>}</PageHeader>
      <SavedViews views={views} />
      {view === 'templates' ? <Suspense fallback={<PageSkeleton />}><Templates /></Suspense>
        : view === 'outbox' || view === 'sent' || view === 'blocked' ? <Boxes key={view} box={view} totals={n} cancels={view === 'outbox' && may('message.message.cancel') && !session.scope.read_only} />
          : <Inbox key={view} tab={view} writes={writes} />}
      {writing && <Compose onClose={() => setWriting(false)} />}
    </div>
  )
}
