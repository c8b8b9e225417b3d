import { Skeleton } from 'antd'
import { MessageOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { call } from '../../../api/call'
import '../../../api/contract/send'
import { exact, relTime } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { common } from '../../../lib/text/common'
import { patient as words } from '../../../lib/text/patient'
import { Failure, State } from '../../../lib/ui'

/** Thread shows what was texted in both directions, oldest first. */
export function Thread({ id }: { id: string }) {
  const t = useText(words)
  const c = useText(common)
  const q = useQuery({ queryKey: ['patient', id, 'thread'], queryFn: ({ signal }) => call('GET /api/v1/patients/{id}/thread', { path: { id }, signal }) })
  if (q.error && !q.data) return <Failure error={q.error} retry={() => void q.refetch()} />
  if (!q.data) return <Skeleton active paragraph={{ rows: 6 }} />
  if (q.data.items.length === 0) return <State icon={<MessageOutlined />} title={t.thread.empty} hint={t.thread.emptyHint} />
  const items = [...q.data.items].sort((a, b) => a.at.localeCompare(b.at))
  return <ol className="thread">{items.map(m => <li key={m.id} className={m.direction}><p>{m.text}</p><small><time title={exact(m.at)}>{relTime(m.at)}</time> · {m.actor.startsWith('system') ? c.system : m.actor}{m.actor && ' · '}{t.thread.states[m.state] ?? m.state}</small></li>)}</ol>
}
