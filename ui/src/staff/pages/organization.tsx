import { Button, Skeleton } from 'antd'
import { DeleteOutlined, EditOutlined } from '@ant-design/icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { call } from '../../api/call'
import '../../api/contract/organization'
import { count } from '../../lib/format'
import { useText } from '../../lib/i18n'
import { organization } from '../../lib/text/organization'
import { Facts, Failure, IconButton, PageHeader, Panel, Tag, useFail, useUndo } from '../../lib/ui'
import { useUrl } from '../../lib/url'
import { useSession } from '../session'
import { OrganizationDialog } from './organization/dialog'
import { Calls, Contacts, Contracts } from './organization/lists'
import { Members } from './organization/members'
import './part/form.css'
import './organization.css'

const all = ['members', 'contracts', 'contacts', 'calls'] as const

/** One organisation: its card, members, contracts, contacts and our visits (PT-19). */
export default function OrganizationPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const t = useText(organization)
  const url = useUrl()
  const navigate = useNavigate()
  const client = useQueryClient()
  const { may } = useSession()
  const fail = useFail()
  const undo = useUndo()
  const [editing, setEditing] = useState(false)
  const q = useQuery({ queryKey: ['organization', id], queryFn: ({ signal }) => call('GET /api/v1/organizations/{id}', { path: { id }, signal }) })
  const remove = useMutation({
    mutationFn: () => call('DELETE /api/v1/organizations/{id}', { path: { id } }),
    onSuccess: () => {
      void navigate({ to: '/organizations' })
      undo(t.removed, () => call('POST /api/v1/organizations/{id}/restore', { path: { id } }).then(() => { void client.invalidateQueries({ queryKey: ['organization'] }); undo(t.restore) }).catch(fail))
      void client.invalidateQueries({ queryKey: ['organization'] })
    },
    onError: fail,
  })
  const o = q.data
  useEffect(() => { if (o) document.title = o.name }, [o])
  if (q.error && !o) return <div className="page"><Failure error={q.error} retry={() => void q.refetch()} /></div>
  if (!o) return <div className="page"><Skeleton active paragraph={{ rows: 10 }} /></div>
  const edits = may('organization.organization.update')
  const tabs = all.filter(k => k !== 'members' || may('organization.member.read'))
  const tab = tabs.find(k => k === url.one('tab')) ?? tabs[0]!
  const size = { members: o.members, contracts: o.contracts.length, contacts: o.contacts.length, calls: o.calls.length }
  return (
    <div className="page">
      <PageHeader title={o.name} back={{ to: '/organizations', label: t.back }} count={<Tag>{t.kinds[o.kind] ?? o.kind}</Tag>}>
        {edits && <><Button icon={<EditOutlined />} onClick={() => setEditing(true)}>{t.edit}</Button><IconButton icon={<DeleteOutlined />} label={t.remove} onClick={() => remove.mutate()} /></>}
      </PageHeader>
      <div className="org">
        <section className="panel">
          <div className="views tabs" role="tablist" aria-label={o.name}>
            {tabs.map(k => <button key={k} id={'tab-' + k} role="tab" aria-selected={tab === k} aria-controls="tabpanel" onClick={() => url.set({ tab: k === tabs[0] ? undefined : k, cursor: undefined, former: undefined })}>{t.tabs[k]} <em>{count(size[k])}</em></button>)}
          </div>
          <div role="tabpanel" id="tabpanel" aria-labelledby={'tab-' + tab}>
            {tab === 'members' && <Members org={o} />}
            {tab === 'contracts' && <Contracts org={o} edits={edits} />}
            {tab === 'contacts' && <Contacts org={o} edits={edits} />}
            {tab === 'calls' && <Calls org={o} edits={edits} />}
          </div>
        </section>
        <aside className="stack">
          <Panel title={t.card}><Facts items={[[t.f.code, o.code || '—'], [t.col.region, o.region || '—'], [t.f.address, o.address || '—'], [t.f.phone, o.phone || '—'], [t.f.owner, o.owner?.name ?? '—'], [t.col.members, count(o.members)], [t.members.former, count(o.former)], ...(o.note ? [[t.f.note, o.note] as [React.ReactNode, React.ReactNode]] : [])]} /><p className="sub">{t.members.scope}</p></Panel>
        </aside>
      </div>
      {editing && <OrganizationDialog row={o} onClose={() => setEditing(false)} onDone={() => { setEditing(false); void client.invalidateQueries({ queryKey: ['organization'] }); undo(t.saved) }} />}
    </div>
  )
}
