import { Button, Progress, Skeleton } from 'antd'
import { InboxOutlined, LockOutlined, FileSearchOutlined, WarningOutlined } from '@ant-design/icons'
import { useEffect, useState, useSyncExternalStore, type ReactNode } from 'react'
import { ApiError, OfflineError } from '../../api/call'
import { count } from '../format'
import { useText } from '../i18n'
import { common } from '../text/common'

interface StateProps { icon?: ReactNode; title: ReactNode; hint?: ReactNode; action?: ReactNode; tone?: 'calm' | 'warn' }

/** State fills the place of something that is not there, and says what to do. */
export function State({ icon, title, hint, action, tone = 'calm' }: StateProps) {
  return (
    <div className={'state ' + tone}>
      <span className="state-icon" aria-hidden="true">{icon ?? <InboxOutlined />}</span>
      <h2>{title}</h2>
      {hint && <p>{hint}</p>}
      {action && <div className="state-act">{action}</div>}
    </div>
  )
}

/** Empty names the first step: pass the action that gets something onto the page. */
export function Empty({ title, hint, action }: Partial<StateProps>) {
  const t = useText(common)
  return <State title={title ?? t.states.emptyTitle} hint={hint ?? t.states.emptyHint} action={action} />
}

/** Failure shows a query error with its remedy: no permission, not found, or try again. */
export function Failure({ error, retry, title }: { error: unknown; retry?: () => void; title?: string }) {
  const t = useText(common)
  if (error instanceof ApiError && error.status === 403) return <NoPermission detail={error.detail} />
  if (error instanceof ApiError && error.status === 404) return <State icon={<FileSearchOutlined />} title={t.states.missingTitle} hint={error.detail || t.states.missingHint} />
  const api = error instanceof ApiError ? error : undefined
  return (
    <State
      tone="warn" icon={<WarningOutlined />} title={title ?? (api?.title || t.states.errorTitle)}
      hint={<>{error instanceof OfflineError ? t.states.offline : api?.detail || t.states.errorHint}{api?.requestId && <small> {t.states.requestId} {api.requestId}</small>}</>}
      action={retry && <Button type="primary" onClick={retry}>{t.retry}</Button>}
    />
  )
}

/** NoPermission stands where a page or panel would be. */
export function NoPermission({ detail }: { detail?: string }) {
  const t = useText(common)
  return <State icon={<LockOutlined />} title={t.states.deniedTitle} hint={detail || t.states.deniedHint} />
}

/** PageSkeleton keeps the size of a page while it loads. */
export function PageSkeleton({ rows = 10 }: { rows?: number }) {
  const t = useText(common)
  return <div className="page" aria-busy="true" aria-label={t.loading}><Skeleton active title={{ width: 180 }} paragraph={{ rows, width: '100%' }} /></div>
}

/** useOnline follows the browser's word about the network. */
export const useOnline = () => useSyncExternalStore(
  f => { window.addEventListener('online', f); window.addEventListener('offline', f); return () => { window.removeEventListener('online', f); window.removeEventListener('offline', f) } },
  () => navigator.onLine,
)

/** OfflineBanner says that the network is gone, and for a moment that it is back. */
export function OfflineBanner({ live = true }: { live?: boolean }) {
  const t = useText(common)
  const online = useOnline()
  const [back, setBack] = useState(false)
  const [was, setWas] = useState(online)
  if (was !== online) { setWas(online); setBack(online) }
  useEffect(() => {
    if (!back) return
    const h = window.setTimeout(() => setBack(false), 4000)
    return () => window.clearTimeout(h)
  }, [back])
  const say = !online ? t.states.offline : back ? t.states.offlineBack : !live ? t.states.reconnecting : ''
  return <div className={'banner' + (say ? ' on' : '') + (online && back ? ' good' : '')} role="status">{say}</div>
}

/** JobProgress shows long work: it may be left, stopped, and ends with its error list. */
export function JobProgress({ done, total, state, onCancel, errorsHref }: { done: number; total: number; state: 'running' | 'done' | 'failed' | 'cancelled'; onCancel?: () => void; errorsHref?: string }) {
  const t = useText(common)
  const status = state === 'done' ? 'success' : state === 'running' ? 'active' : 'exception'
  return (
    <div className="job" role="status">
      <Progress percent={total ? Math.floor((done / total) * 100) : 0} status={status} size="small" aria-label={t.states.progress(count(done), count(total))} />
      <p className="sub">{t.states.progress(count(done), count(total))}{state === 'running' ? ` · ${t.states.leave}` : ''}</p>
      {state === 'running' && onCancel && <Button size="small" onClick={onCancel}>{t.states.cancelJob}</Button>}
      {errorsHref && <Button size="small" type="link" href={errorsHref}>{t.states.errorsFile}</Button>}
    </div>
  )
}
