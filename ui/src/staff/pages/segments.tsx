import { Button } from 'antd'
import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { call } from '../../api/call'
import '../../api/contract/segment'
import { useText } from '../../lib/i18n'
import { useKeys } from '../../lib/keys'
import { common } from '../../lib/text/common'
import { segment } from '../../lib/text/segment'
import { PageHeader, SavedViews } from '../../lib/ui'
import { useUrl } from '../../lib/url'
import { useSession } from '../session'
import { Explore } from './segment/explore'
import { KeyPatients } from './segment/key'
import { Saved } from './segment/saved'
import './part/form.css'
import './segment.css'

/** Segments: saved conditions over patients, how they overlap, and the patients who need more care (PT-11, GR-15, PT-20). */
export default function Segments() {
  const t = useText(segment)
  const c = useText(common)
  const url = useUrl()
  const navigate = useNavigate()
  const { may } = useSession()
  const tab = url.one('view') ?? 'list'
  const q = useQuery({ queryKey: ['segment', 'list', tab === 'archived' ? 'archived' : 'active'], queryFn: ({ signal }) => call('GET /api/v1/segments', { query: tab === 'archived' ? { state: 'archived' } : {}, signal }) })
  const key = tab === 'key'
  const creates = may(key ? 'segment.key.update' : 'segment.segment.update')
  const create = () => void navigate({ to: '/segments/$id', params: { id: 'new' }, search: (key ? { kind: 'key' } : {}) as never })
  useKeys(c.keys.page, creates ? [{ key: 'n', label: key ? t.key.create : t.keys.create, run: create }] : [])
  return (
    <div className="page">
      <PageHeader title={t.title} count={q.data && !key && tab !== 'explore' && t.count(q.data.items.length)}>
        {creates && tab !== 'explore' && tab !== 'archived' && <Link to="/segments/$id" params={{ id: 'new' }} search={(key ? { kind: 'key' } : {}) as never}><Button type="primary" icon={<PlusOutlined />} tabIndex={-1}>{key ? t.key.create : t.create}<kbd>N</kbd></Button></Link>}
      </PageHeader>
      <SavedViews views={[
        { key: 'list', label: t.tabs.list, search: {} },
        { key: 'explore', label: t.tabs.explore, search: {} },
        { key: 'key', label: t.tabs.key, search: {} },
        { key: 'archived', label: t.tabs.archived, search: {} },
      ]} />
      {tab === 'explore' ? <Explore all={q.data?.items} error={q.error} /> : key ? <KeyPatients /> : <Saved query={q} archived={tab === 'archived'} onCreate={creates ? create : undefined} />}
    </div>
  )
}
