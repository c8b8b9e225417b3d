import { createRootRoute, createRoute, lazyRouteComponent, Outlet, type AnyRoute } from '@tanstack/react-router'

const root = createRootRoute({ component: () => <Outlet /> })
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: lazyRouteComponent(() => import('./shell')) })

type Page = () => Promise<{ default: () => React.ReactNode }>

/** Every address of the staff pages and the chunk behind it. List state lives in the search part (lib/url). */
const pages: [path: string, page: Page][] = [
  ['/', () => import('./pages/home')],
  ['/patients', () => import('./pages/patients')],
  ['/patients/new', () => import('./pages/patient-new')],
  ['/patients/review', () => import('./pages/patient-review')],
  ['/patients/regions', () => import('./pages/patient-regions')],
  ['/patients/$id', () => import('./pages/patient')],
  ['/organizations', () => import('./pages/organizations')],
  ['/organizations/$id', () => import('./pages/organization')],
  ['/patients/$id/edit', () => import('./pages/patient-edit')],
  ['/followup/templates', () => import('./pages/followup-templates')],
  ['/followup/templates/$id', () => import('./pages/followup-template')],
  ['/followup/plans', () => import('./pages/followup-plans')],
  ['/followup/plans/$id', () => import('./pages/followup-plan')],
  ['/followup/groups', () => import('./pages/condition-groups')],
  ['/segments', () => import('./pages/segments')],
  ['/segments/$id', () => import('./pages/segment')],
  ['/messages', () => import('./pages/messages')],
  ['/intake', () => import('./pages/intake')],
  ['/intake/uploads/$id', () => import('./pages/intake-upload')],
  ['/intake/paste', () => import('./pages/intake-paste')],
  ['/intake/runs/$id', () => import('./pages/intake-run')],
  ['/intake/feeds/$id', () => import('./pages/intake-feed')],
  ['/intake/pull', () => import('./pages/intake-pull')],
  ['/intake/records/$id', () => import('./pages/intake-record')],
  ['/staff', () => import('./pages/staff')],
  ['/calendars', () => import('./pages/calendars')],
  ['/settings', () => import('./pages/settings')],
  ['/audit', () => import('./pages/audit')],
  ['/operations', () => import('./pages/operations')],
  ['/downloads', () => import('./pages/downloads')],
  ['/fields', () => import('./pages/fields')],
  ['/dictionaries', () => import('./pages/dictionaries')],
  ['/demo/phone', () => import('./pages/demo-phone')],
  ['/$', () => import('./pages/not-found')],
]

export const routeTree = root.addChildren([
  shell.addChildren(pages.map(([path, page]) => createRoute({ getParentRoute: () => shell, path, component: lazyRouteComponent(page) }) as AnyRoute)),
])
