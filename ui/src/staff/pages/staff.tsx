import { lazy, Suspense } from 'react'
import { useText } from '../../lib/i18n'
import { admin } from '../../lib/text/admin'
import { PageHeader, PageSkeleton, SavedViews } from '../../lib/ui'
import { useUrl } from '../../lib/url'
import { useSession } from '../session'
import { Accounts } from './staff/accounts'
import './part/form.css'
import './staff.css'

const Roles = lazy(() => import('./staff/roles'))
const Departments = lazy(() => import('./staff/departments'))

/** Staff, roles and departments: who may do what, and whose data they see (SY-04…07). */
export default function Staff() {
  const t = useText(admin)
  const url = useUrl()
  const { may } = useSession()
  const views = [
    ...(may('staff.account.list') ? [{ key: 'accounts', label: t.views.accounts, search: {} }] : []),
    ...(may('staff.role.list') ? [{ key: 'roles', label: t.views.roles, search: {} }] : []),
    { key: 'departments', label: t.views.departments, search: {} },
  ]
  const view = url.one('view') ?? views[0]!.key
  return (
    <div className="page">
      <PageHeader title={t.title} />
      <SavedViews views={views} />
      <Suspense fallback={<PageSkeleton />}>{view === 'roles' ? <Roles /> : view === 'departments' ? <Departments /> : <Accounts />}</Suspense>
    </div>
  )
}
