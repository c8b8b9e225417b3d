import { Button, Select } from 'antd'
import { PlusOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { call } from '../../api/call'
import '../../api/contract/organization'
import type { Organization } from '../../api/contract/organization'
import { count, totalOf } from '../../lib/format'
import { useText } from '../../lib/i18n'
import { useKeys } from '../../lib/keys'
import { common } from '../../lib/text/common'
import { organization } from '../../lib/text/organization'
import { DataTable, Empty, FilterBar, PageHeader, SearchBox, Tag, type Column } from '../../lib/ui'
import { useUrl } from '../../lib/url'
import { useSession } from '../session'
import { OrganizationDialog } from './organization/dialog'
import './part/form.css'

/** Organisations: insurers, employers and units under contract, with their members in the reader's scope (PT-19). */
export default function Organizations() {
  const t = useText(organization)
  const c = useText(common)
  const url = useUrl()
  const navigate = useNavigate()
  const { may } = useSession()
  const [text, setText] = useState('') // a name may be a person's: it stays out of the address
  const [adding, setAdding] = useState(false)
  const kind = url.one('kind')
  const q = useQuery({
    queryKey: ['organization', text, kind, url.one('cursor'), url.one('limit')], placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call('POST /api/v1/organizations/search', { body: { text, kind, cursor: url.one('cursor'), limit: Number(url.one('limit')) || undefined }, signal }),
  })
  const edits = may('organization.organization.update')
  useKeys(c.keys.page, edits ? [{ key: 'n', label: t.create, run: () => setAdding(true) }] : [])
  const open = (o: Organization) => void navigate({ to: '/organizations/$id', params: { id: o.id } })
  const columns = useMemo<Column<Organization>[]>(() => [
    { key: 'name', title: t.col.name, fixedIn: true, render: (_, o) => <><Link to="/organizations/$id" params={{ id: o.id }}><b>{o.name}</b></Link> <small className="sub">{o.code}</small></> },
    { key: 'kind', title: t.col.kind, width: 120, render: (_, o) => <Tag>{t.kinds[o.kind] ?? o.kind}</Tag> },
    { key: 'region', title: t.col.region, width: 220, render: (_, o) => o.region },
    { key: 'owner', title: t.col.owner, width: 120, render: (_, o) => o.owner?.name },
    { key: 'phone', title: t.col.phone, width: 150, hidden: true, render: (_, o) => o.phone },
    { key: 'members', title: t.col.members, align: 'right', width: 110, render: (_, o) => count(o.members) },
  ], [t])
  return (
    <div className="page">
      <PageHeader title={t.title} count={q.data && t.count(totalOf(q.data.total))}>{edits && <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>{t.create}</Button>}</PageHeader>
      <FilterBar dirty={!!kind || !!text} onClear={() => { setText(''); url.reset() }}>
        <SearchBox value={text} onChange={v => { setText(v ?? ''); url.set({ cursor: undefined }) }} placeholder={t.search} />
        <Select aria-label={t.col.kind} className="auditpick" allowClear placeholder={t.all} value={kind} onChange={v => url.set({ kind: v })} options={Object.entries(t.kinds).map(([value, label]) => ({ value, label }))} />
      </FilterBar>
      <DataTable id="organization" query={q} columns={columns} rowKey={o => o.id} onOpen={open} label={t.title}
        empty={text || kind ? <Empty title={t.noneHere} hint={t.noneHereHint} /> : <Empty title={t.none} hint={t.noneHint} action={edits && <Button type="primary" onClick={() => setAdding(true)}>{t.create}</Button>} />}
        card={o => <button className="plain-card bare" onClick={() => open(o)}><b>{o.name}</b><span><Tag>{t.kinds[o.kind] ?? o.kind}</Tag> {t.members.count(count(o.members))}</span></button>} />
      {adding && <OrganizationDialog onClose={() => setAdding(false)} onDone={id => void navigate({ to: '/organizations/$id', params: { id } })} />}
    </div>
  )
}
