import { App as AntApp, Badge, Button, ConfigProvider, Drawer, Dropdown } from 'antd'
import zhCN from 'antd/locale/zh_CN'
import enUS from 'antd/locale/en_US'
import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'
import { BellOutlined, KeyOutlined, LogoutOutlined, MenuOutlined, QuestionCircleOutlined, SearchOutlined } from '@ant-design/icons'
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useEffect, useState } from 'react'
import { ApiError, call } from '../api/call'
import { dropAllDrafts } from '../lib/draft'
import { setLanguage, useLanguage, useText, type Lang } from '../lib/i18n'
import { useKeys } from '../lib/keys'
import { common } from '../lib/text/common'
import { password } from '../lib/text/password'
import { shell } from '../lib/text/shell'
import { nonce, setMode, themeOf, useDark, useMode, type Mode } from '../lib/theme'
import { KeyHelp } from '../lib/ui/keyhelp'
import { Initial, IconButton } from '../lib/ui/bits'
import { Failure, OfflineBanner, PageSkeleton, State } from '../lib/ui/states'
import { undoLast } from '../lib/ui/undo'
import { AlertDock, useAlerts } from './alerts'
import { LiveProvider, useConnected } from './live/live'
import { Mark } from './mark'
import { nav } from './nav'
import { Palette } from './palette'
import { Watch } from './watch'
import { SessionProvider, useSession, useSessionQuery } from './session'

const PasswordDialog = lazy(() => import('./password'))

/** Shell is the frame around every staff page. */
export default function Shell() {
  const lang = useLanguage()
  const dark = useDark()
  dayjs.locale(lang === 'zh-CN' ? 'zh-cn' : 'en')
  return (
    <ConfigProvider csp={{ nonce }} locale={lang === 'zh-CN' ? zhCN : enUS} theme={themeOf(dark)} button={{ autoInsertSpace: false }}>
      <AntApp className="app" message={{ maxCount: 3, top: 60 }}><Gate /></AntApp>
    </ConfigProvider>
  )
}

/** Gate waits for the session; without one it leads to the sign-in page. */
function Gate() {
  const t = useText(shell)
  const q = useSessionQuery()
  const out = q.error instanceof ApiError && q.error.status === 401
  useEffect(() => { if (out) location.assign(signInAddress()) }, [out])
  if (q.data) return <SessionProvider session={q.data} waiting={<div className="gate"><PageSkeleton /></div>}><LiveProvider><Frame /></LiveProvider></SessionProvider>
  if (q.error && !out) return <div className="gate"><Failure error={q.error} title={t.noSession} retry={() => void q.refetch()} /></div>
  return <div className="gate"><PageSkeleton /></div>
}

const signInAddress = () => `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`

function Frame() {
  const t = useText(shell)
  const c = useText(common)
  const navigate = useNavigate()
  const [palette, setPalette] = useState(false)
  const [help, setHelp] = useState(false)
  const [drawer, setDrawer] = useState(false)
  const [bell, setBell] = useState(false)
  const [signedOut, setSignedOut] = useState(false)
  const path = useRouterState({ select: s => s.location.pathname })
  const connected = useConnected()
  const { session, turns } = useSession()
  const alerts = useAlerts()
  const flags = alerts.list.filter(a => a.level === 'flag').length
  const closePalette = useCallback(() => setPalette(false), [])

  useKeys(c.keys.global, [
    { key: 'ctrl+k', label: c.keys.palette, anywhere: true, run: () => setPalette(true) },
    { key: '?', label: c.keys.help, run: () => setHelp(true) },
    { key: 'z', label: c.keys.undoLast, run: undoLast },
    { key: 'h', label: c.keys.goHome, run: () => void navigate({ to: '/' }) },
  ])
  useEffect(() => setDrawer(false), [path])
  useEffect(() => {
    const f = () => setSignedOut(true)
    window.addEventListener('renxin:signed-out', f)
    return () => window.removeEventListener('renxin:signed-out', f)
  }, [])

  return (
    <>
      <a className="skip" href="#main">{t.skip}</a>
      <aside className="side"><Side path={path} /></aside>
      <Drawer open={drawer} onClose={() => setDrawer(false)} placement="left" size={240} closable={false} styles={{ body: { padding: 0 } }} rootClassName="side-drawer" aria-label={t.mainNav}><Side path={path} /></Drawer>
      <div className="col">
        <header className="top">
          <Button className="burger" type="text" aria-label={t.menu} icon={<MenuOutlined />} onClick={() => setDrawer(true)} />
          <button className="omni" onClick={() => setPalette(true)}><SearchOutlined /><span>{t.omni}</span><kbd>Ctrl K</kbd></button>
          <div className="grow" />
          <div className="top-right">
            <span className="wide"><IconButton icon={<QuestionCircleOutlined />} label={`${t.help} ?`} onClick={() => setHelp(true)} /></span>
            <Badge count={alerts.list.length} size="small" offset={[-6, 6]}><Button type="text" aria-label={t.bell(alerts.list.length)} aria-expanded={bell} danger={flags > 0} icon={<BellOutlined />} onClick={() => { setBell(!bell); alerts.wake() }}>{flags > 0 && <span className="wide">{t.alerts.folded(flags)}</span>}</Button></Badge>
            <LanguageButton />
            <Account />
          </div>
        </header>
        {session.view_as && <div className="viewas" role="status">{t.viewAs(session.view_as)} <Button size="small" onClick={() => void call('DELETE /api/v1/session/view-as').then(() => location.reload())}>{t.viewAsEnd}</Button></div>}
        <OfflineBanner live={connected} />
        <main id="main" tabIndex={-1}>
          {signedOut && <div className="resign"><State title={t.signedOut} hint={t.signedOutHint} action={<Button type="primary" href={signInAddress()}>{t.signIn}</Button>} /></div>}
          <Suspense key={path.startsWith('/demo') ? 'demo' : turns} fallback={<PageSkeleton />}><Outlet /></Suspense>
        </main>
      </div>
      <Watch />
      <AlertDock alerts={alerts} all={bell} onClose={() => setBell(false)} />
      {palette && <Palette onClose={closePalette} />}
      <KeyHelp open={help} onClose={() => setHelp(false)} />
    </>
  )
}

function Side({ path }: { path: string }) {
  const t = useText(shell)
  const { session, may } = useSession()
  return (
    <>
      <div className="side-brand"><Mark /><div><b>{t.brand}</b><span>{session.hospital.name}</span></div></div>
      <nav aria-label={t.mainNav}>
        {nav.map(g => {
          const places = g.places.filter(p => may(...p.may) && (!p.demo || session.demo))
          if (places.length === 0) return null
          return (
            <div className="side-group" key={g.group(t)}>
              <h2>{g.group(t)}</h2>
              {places.map(p => {
                const on = p.exact ? path === p.to : path.startsWith(p.to)
                return <Link key={p.to} to={p.to} className={on ? 'on' : ''} aria-current={on ? 'page' : undefined}>{p.icon}<span>{p.label(t)}</span></Link>
              })}
            </div>
          )
        })}
      </nav>
    </>
  )
}

function LanguageButton() {
  const t = useText(shell)
  const lang = useLanguage()
  const change = (next: Lang) => { setLanguage(next); void call('PUT /api/v1/me/locale', { body: { locale: next } }).catch(() => undefined) }
  return <Button type="text" title={t.languageLabel} lang={lang === 'zh-CN' ? 'en' : 'zh-CN'} onClick={() => change(lang === 'zh-CN' ? 'en' : 'zh-CN')}>{t.language}</Button>
}

function Account() {
  const t = useText(shell)
  const { session } = useSession()
  const mode = useMode()
  const p = useText(password)
  const [changing, setChanging] = useState(false)
  const look = (m: Mode, label: string) => ({ key: m, label, onClick: () => setMode(m) })
  const signOut = async () => {
    dropAllDrafts()
    await call('POST /api/v1/session/sign-out').catch(() => undefined)
    location.assign('/sign-in')
  }
  return (
    <>
    <Dropdown trigger={['click']} menu={{
      selectedKeys: [mode],
      items: [
        { key: 'who', type: 'group', label: [session.department?.name, session.role.name].filter(Boolean).join(' · ') || session.name },
        { key: 'look', label: t.theme, children: [look('light', t.light), look('dark', t.dark), look('system', t.system)] },
        { type: 'divider' },
        { key: 'password', icon: <KeyOutlined />, label: p.title, onClick: () => setChanging(true) },
        { key: 'out', icon: <LogoutOutlined />, label: t.signOut, onClick: () => void signOut() },
      ],
    }}>
      <button className="me" title={t.account}><Initial name={session.name} size={28} /><span className="wide">{session.name}</span></button>
    </Dropdown>
    {changing && <Suspense><PasswordDialog onClose={() => setChanging(false)} /></Suspense>}
    </>
  )
}
