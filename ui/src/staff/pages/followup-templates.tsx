import { Button, Dropdown } from 'antd'
import { CopyOutlined, MoreOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { call } from '../../api/call'
import type { TemplateRow, TemplateState } from '../../api/contract/followup'
import { daysBetween, today } from '../../lib/format'
import { useText } from '../../lib/i18n'
import { useKeys } from '../../lib/keys'
import { common } from '../../lib/text/common'
import { template } from '../../lib/text/template'
import { DataTable, Empty, FilterBar, PageHeader, SavedViews, SearchBox, StatusTag, When, type Column, type Tone } from '../../lib/ui'
import { useUrl } from '../../lib/url'
import { useSession } from '../session'

const tones: Record<TemplateState, Tone> = { draft: 'wait', active: 'ok', retired: 'idle' }

/** Templates lists the follow-up templates (FU-02). */
export default function Templates() {
  const t = useText(template)
  const c = useText(common)
  const url = useUrl()
  const navigate = useNavigate()
  const { may } = useSession()
  const q = useQuery({ queryKey: ['followup', 'template'], queryFn: ({ signal }) => call('GET /api/v1/followup/templates', { signal }) })
  const state = url.one('state')
  const text = url.one('q')?.toLowerCase()
  const all = q.data?.items ?? []
  const items = all.filter(x => (!state || x.state === state) && (!text || (x.name + ' ' + x.code).toLowerCase().includes(text)))
  const edits = may('followup.template.update')
  const create = () => void navigate({ to: '/followup/templates/$id', params: { id: 'new' } })
  useKeys(c.keys.page, edits ? [{ key: 'n', label: t.create, run: create }] : [])
  const open = (r: TemplateRow) => void navigate({ to: '/followup/templates/$id', params: { id: r.id } })
  const of = (s: TemplateState) => q.data && all.filter(x => x.state === s).length

  const columns = useMemo<Column<TemplateRow>[]>(() => [
    { key: 'name', title: t.col.name, fixedIn: true, render: (_, r) => <Link className="pname" to="/followup/templates/$id" params={{ id: r.id }}><b>{r.name}</b><small>{r.code}</small></Link> },
    { key: 'state', title: t.col.state, render: (_, r) => <StatusTag tone={tones[r.state] ?? 'idle'}>{t.states[r.state] ?? r.state}</StatusTag> },
    { key: 'department', title: t.col.department, render: (_, r) => r.department || t.whole },
    { key: 'version', title: t.col.version, align: 'right', render: (_, r) => r.version },
    { key: 'steps', title: t.col.steps, align: 'right', render: (_, r) => r.steps },
    { key: 'running', title: t.col.running, align: 'right', render: (_, r) => r.running_plans ? <Link to="/followup/plans" search={{ template: r.id } as never}>{r.running_plans}</Link> : 0 },
    { key: 'reviewer', title: t.col.reviewer, render: (_, r) => r.reviewer || <span className="sub">—</span> },
    { key: 'valid', title: t.col.valid, render: (_, r) => <Valid date={r.valid_until} live={r.state === 'active'} /> },
    { key: 'updated', title: t.col.updated, render: (_, r) => <When at={r.updated_at} time /> },
    { key: 'acts', title: '', width: 44, fixedIn: true, render: (_, r) => edits && <Dropdown trigger={['click']} menu={{ items: [{ key: 'copy', icon: <CopyOutlined />, label: t.copy, onClick: () => void navigate({ to: '/followup/templates/$id', params: { id: 'new' }, search: { from: r.id } as never }) }] }}><Button type="text" size="small" aria-label={`${c.more} ${r.name}`} icon={<MoreOutlined />} /></Dropdown> },
  ], [t, c, edits, navigate])

  return (
    <div className="page">
      <PageHeader title={t.title} count={q.data && t.count(all.length)}>{edits && <Button type="primary" icon={<PlusOutlined />} onClick={create}>{t.create}</Button>}</PageHeader>
      <SavedViews views={[
        { key: 'all', label: t.all, search: {}, count: q.data && all.length },
        ...(['active', 'draft', 'retired'] as const).map(s => ({ key: s, label: t.states[s]!, search: { state: s }, count: of(s) })),
      ]} />
      <FilterBar dirty={!!text} onClear={() => url.set({ q: undefined })}><SearchBox value={url.one('q')} onChange={v => url.set({ q: v })} placeholder={t.search} /></FilterBar>
      <DataTable id="followup.template" whole query={{ ...q, data: q.data && { items } }} columns={columns} rowKey={r => r.id} onOpen={open} label={t.title}
        empty={all.length === 0 ? <Empty title={t.none} hint={t.noneHint} action={edits && <Button type="primary" onClick={create}>{t.create}</Button>} /> : <Empty title={t.noneHere} hint={t.noneHereHint} />}
        card={r => <Link to="/followup/templates/$id" params={{ id: r.id }} className="tpl-card"><span className="row"><b>{r.name}</b><span className="grow" /><StatusTag tone={tones[r.state] ?? 'idle'}>{t.states[r.state] ?? r.state}</StatusTag></span><span className="sub">{r.department || t.whole} · {t.versionOf(r.version)} · {t.steps} {r.steps} · {t.col.running} {r.running_plans}</span></Link>}
      />
    </div>
  )
}

/** Valid writes until when the content stands, and warns a month before. */
export function Valid({ date, live }: { date: string; live: boolean }) {
  const t = useText(template)
  if (!date) return <span className="sub">—</span>
  const left = daysBetween(today(), date)
  return <span className="nowrap">{date} {live && left < 0 ? <StatusTag tone="bad">{t.expired}</StatusTag> : live && left <= 30 ? <StatusTag tone="warn">{t.expires(left)}</StatusTag> : null}</span>
}
