import { Button, Segmented, Skeleton, Table, Tooltip } from 'antd'
import { EyeOutlined, SafetyCertificateOutlined } from '@ant-design/icons'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../../api/call'
import '../../../api/contract/duplicate'
import type { AccessEntry } from '../../../api/contract/duplicate'
import { totalOf } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { accessLog } from '../../../lib/text/access-log'
import { common } from '../../../lib/text/common'
import { Failure, State, StatusTag, When } from '../../../lib/ui'

/** AccessLog shows who opened, revealed, exported or changed a patient's data, with the reason given. */
export function AccessLog({ id }: { id: string }) {
  const t = useText(accessLog)
  const c = useText(common)
  const [kind, setKind] = useState('')
  const q = useInfiniteQuery({
    queryKey: ['patient', id, 'access-log', kind], initialPageParam: '',
    queryFn: ({ pageParam, signal }) => call('GET /api/v1/patients/{id}/access-log', { path: { id }, query: { kind, cursor: pageParam, limit: 50 }, signal }),
    getNextPageParam: last => last.next || undefined,
  })
  const rows = q.data?.pages.flatMap(p => p.items) ?? []
  const total = q.data?.pages[0]?.total
  const what = (e: AccessEntry) => e.kind === 'change' ? t.actions[e.action] ?? t.acts.change! : `${t.acts[e.kind]!}${e.field ? ` · ${t.fields[e.field] ?? e.field}` : ''}`
  if (q.error && !q.data) return <Failure error={q.error} retry={() => void q.refetch()} />
  return (
    <div className="access-log">
      <div className="row"><Segmented aria-label={t.filter} value={kind} onChange={setKind} options={Object.entries(t.kinds).map(([value, label]) => ({ value, label }))} />{total && <span className="sub">{t.count(totalOf(total))}</span>}</div>
      {!q.data ? <Skeleton active paragraph={{ rows: 6 }} /> : rows.length === 0 ? <State icon={<EyeOutlined />} title={t.empty} hint={t.emptyHint} /> : (
        <Table<AccessEntry> size="small" pagination={false} rowKey={e => e.at + e.action + e.actor} dataSource={rows} scroll={{ x: 'max-content' }} columns={[
          { key: 'at', title: t.when, render: (_, e) => <When at={e.at} time /> },
          { key: 'who', title: t.who, render: (_, e) => <>{e.actor.startsWith('system') ? c.system : e.actor}{e.sealed && <Tooltip title={t.sealed}><SafetyCertificateOutlined className="sealed" aria-label={t.sealed} /></Tooltip>}</> },
          { key: 'role', title: t.role, render: (_, e) => [e.role, e.department].filter(Boolean).join(' · ') || '—' },
          { key: 'what', title: t.what, render: (_, e) => <StatusTag tone={e.kind === 'look' ? 'idle' : e.kind === 'change' ? 'info' : 'warn'}>{what(e)}</StatusTag> },
          { key: 'reason', title: t.reason, render: (_, e) => <>{e.reason || '—'}{e.former && <small className="sub"> · {t.former}</small>}</> },
        ]} />
      )}
      {q.hasNextPage && <Button block type="text" loading={q.isFetchingNextPage} onClick={() => void q.fetchNextPage()}>{t.more}</Button>}
      <p className="sub">{t.hint}</p>
    </div>
  )
}
