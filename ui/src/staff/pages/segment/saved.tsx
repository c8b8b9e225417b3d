import { Button } from 'antd'
import { ContactsOutlined, InboxOutlined, UndoOutlined } from '@ant-design/icons'
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { call } from '../../../api/call'
import type { Segment } from '../../../api/contract/segment'
import { count, totalOf } from '../../../lib/format'
import { useText } from '../../../lib/i18n'
import { segment } from '../../../lib/text/segment'
import { DataTable, Empty, FilterBar, IconButton, SearchBox, StatusTag, When, useFail, useUndo, type Column } from '../../../lib/ui'
import { useUrl } from '../../../lib/url'
import { useSession } from '../../session'

/** SizeOf counts a segment's members that one sees, when its row shows; the exact number on demand. */
export function SizeOf({ id, version }: { id: string; version: number }) {
  const t = useText(segment)
  const [exact, setExact] = useState(false)
  const q = useQuery({ queryKey: ['segment', 'size', id, version, exact], staleTime: 30_000, retry: false, queryFn: ({ signal }) => call('GET /api/v1/segments/{id}/size', { path: { id }, query: exact ? { exact } : {}, signal }) })
  if (q.error) return <span className="sub">—</span>
  if (!q.data) return <span className="sub">…</span>
  if (q.data.small) return <span className="sub">{t.few}</span>
  if (q.data.exact) return <span>{count(q.data.value)}</span>
  return <button className="link" title={t.exactNow} onClick={e => { e.stopPropagation(); setExact(true) }}>{totalOf(q.data)}</button>
}

/** Saved is the list of segments. */
export function Saved({ query: q, archived, onCreate }: { query: UseQueryResult<{ items: Segment[] }>; archived: boolean; onCreate?: () => void }) {
  const t = useText(segment)
  const url = useUrl()
  const navigate = useNavigate()
  const client = useQueryClient()
  const undo = useUndo()
  const fail = useFail()
  const { may } = useSession()
  const text = url.one('q')?.toLowerCase()
  const all = q.data?.items ?? []
  const items = all.filter(g => !text || g.name.toLowerCase().includes(text) || g.description.toLowerCase().includes(text))
  const open = (g: Segment) => void navigate({ to: '/segments/$id', params: { id: g.id } })
  const columns = useMemo<Column<Segment>[]>(() => {
    const put = async (g: Segment, off: boolean) => {
      const next = await call('POST /api/v1/segments/{id}/archive', { path: { id: g.id }, body: { version: g.version, archived: off } })
      await client.invalidateQueries({ queryKey: ['segment'] })
      return next
    }
    const archive = async (g: Segment) => { try { const next = await put(g, !archived); undo(archived ? t.restored(g.name) : t.archived(g.name), () => put(next, archived).catch(fail)) } catch (e) { fail(e) } }
    return [
      { key: 'name', title: t.col.name, fixedIn: true, width: 340, render: (_, g) => <Link to="/segments/$id" params={{ id: g.id }} className="sg-name"><b>{g.name}</b>{g.description && <small>{g.description}</small>}</Link> },
      { key: 'size', title: t.col.size, width: 110, align: 'right', render: (_, g) => <SizeOf id={g.id} version={g.version} /> },
      { key: 'followed', title: t.col.followed, width: 130, render: (_, g) => (!g.tracked ? <span className="sub">—</span> : g.error ? <StatusTag tone="bad">{t.stopped}</StatusTag> : g.filled_at ? <StatusTag tone="ok">{t.followed}</StatusTag> : <StatusTag tone="wait">{t.filling}</StatusTag>) },
      { key: 'owner', title: t.col.owner, width: 140, render: (_, g) => <>{g.owner_name} <span className="sub">{g.shared ? t.shared : t.own}</span></> },
      { key: 'updated', title: t.col.updated, width: 130, render: (_, g) => <When at={g.updated_at} /> },
      { key: 'use', title: t.col.use, width: 90, render: (_, g) => (
        <span className="row">
          {!archived && may('patient.patient.read') && <Link to="/patients" search={{ segment: g.id } as never} aria-label={t.openList} title={t.openList}><Button type="text" size="small" icon={<ContactsOutlined />} tabIndex={-1} aria-hidden="true" /></Link>}
          {(g.mine || may('segment.segment.share')) && <IconButton icon={archived ? <UndoOutlined /> : <InboxOutlined />} label={archived ? t.restore : t.archive} onClick={() => void archive(g)} />}
        </span>
      ) },
    ]
  }, [t, archived, client, undo, fail, may])
  return (
    <>
      <FilterBar dirty={!!text} onClear={() => url.set({ q: undefined })}><SearchBox value={url.one('q')} onChange={v => url.set({ q: v })} placeholder={t.search} /></FilterBar>
      <DataTable id="segment.saved" whole query={{ ...q, data: q.data && { items } }} columns={columns} rowKey={g => g.id} onOpen={open} label={t.title}
        empty={all.length || archived ? <Empty title={t.noneHere} hint={t.noneHereHint} /> : <Empty title={t.none} hint={t.noneHint} action={onCreate && <Button type="primary" onClick={onCreate}>{t.create}</Button>} />}
        card={g => <Link to="/segments/$id" params={{ id: g.id }} className="sg-name"><b>{g.name}</b><small>{g.description}</small><span><SizeOf id={g.id} version={g.version} /> · {g.owner_name}</span></Link>} />
    </>
  )
}
