import { Button } from 'antd'
import { AlertFilled, BellFilled, CloseOutlined, MessageFilled } from '@ant-design/icons'
import { useNavigate, useRouterState } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { exact, relTime } from '../lib/format'
import { useText } from '../lib/i18n'
import { useKeys } from '../lib/keys'
import { common } from '../lib/text/common'
import { shell } from '../lib/text/shell'

/** One thing that wants a person now. */
export interface Alert {
  id: string
  level: 'flag' | 'reply' | 'note'
  title: string
  /** Who it is about. */
  who?: string
  /** What the patient said, or what happened. */
  said?: string
  rule?: string
  /** When it happened; a red flag that was there before this page has none. */
  at?: string
  /** A reply that raised a red flag shows as the flag alone. */
  patient?: string
  due?: string
  to: string
  /** Tells the server that somebody saw it. */
  acknowledge?: () => Promise<unknown>
}

let list: Alert[] = []
const asleep = new Set<string>()
const readers = new Set<() => void>()
const order = { flag: 0, reply: 1, note: 2 }
function set(next: Alert[]) {
  const flagged = new Set(next.filter(a => a.level === 'flag').map(a => a.patient))
  list = next.filter(a => a.level !== 'reply' || !a.patient || !flagged.has(a.patient)).sort((a, b) => order[a.level] - order[b.level] || (b.at ?? '').localeCompare(a.at ?? ''))
  readers.forEach(f => f())
}

/** raiseAlert puts an alert on the dock (same id replaces). */
export const raiseAlert = (a: Alert) => set([a, ...list.filter(x => x.id !== a.id)])

/** dropAlert takes one off, when it was handled elsewhere. */
export const dropAlert = (id: string) => set(list.filter(x => x.id !== id))

/** useAlerts is the list of open alerts and what a person can do with it. */
export function useAlerts() {
  const all = useSyncExternalStore(f => { readers.add(f); return () => { readers.delete(f) } }, () => list)
  const [, again] = useState(0)
  const later = useCallback((id: string) => { asleep.add(id); again(n => n + 1) }, [])
  const wake = useCallback(() => { asleep.clear(); again(n => n + 1) }, [])
  const awake = all.filter(a => !asleep.has(a.id))
  // Cards stand for a moment when something new comes; then they fold into the bell, so that they cover nothing that is being worked on.
  const newest = awake.map(a => a.id).sort().join(' ')
  const [folded, fold] = useState('')
  useEffect(() => {
    if (!newest) return
    const h = window.setTimeout(() => fold(newest), stands)
    return () => window.clearTimeout(h)
  }, [newest])
  const known = new Set(folded.split(' '))
  return { list: all, awake, fresh: awake.filter(a => !known.has(a.id)), later, wake }
}

const stands = 12_000 // milliseconds

/** isOpen tells that the page already shows what the alert is about. */
const isOpen = (a: Alert, here: string) => here === a.to || a.id.split(':').some((part, i) => i > 0 && here.includes('task=' + part))

const icons = { flag: <AlertFilled />, reply: <MessageFilled />, note: <BellFilled /> }

/** AlertDock shows alerts at the right edge. It never takes the focus and never covers what is being typed in the middle. */
export function AlertDock({ alerts, all, onClose }: { alerts: ReturnType<typeof useAlerts>; all: boolean; onClose: () => void }) {
  const t = useText(shell)
  const c = useText(common)
  const navigate = useNavigate()
  const [, tick] = useState(0)
  const here = useRouterState({ select: s => s.location.href })
  const shown = useMemo(() => (all ? alerts.list : alerts.fresh.filter(a => !isOpen(a, here)).slice(0, 3)), [all, alerts.list, alerts.fresh, here])
  const open = (a: Alert) => { void a.acknowledge?.().catch(() => undefined); dropAlert(a.id); onClose(); void navigate({ href: a.to }) }
  useEffect(() => {
    const h = window.setInterval(() => tick(n => n + 1), 30_000)
    return () => window.clearInterval(h)
  }, [])
  useKeys(c.keys.global, [{ key: 'F8', label: t.alerts.open, anywhere: true, run: () => { const a = shown[0] ?? alerts.awake.find(x => !isOpen(x, here)); if (a) open(a) } }])
  return (
    <aside className="dock" aria-label={t.alerts.region}>
      <div role="alert" className="sr">{shown.filter(a => a.level === 'flag').map(a => `${t.alerts.flag} ${a.who ?? ''} ${a.title}`).join('; ')}</div>
      {all && shown.length === 0 && <section className="alert note"><header><span>{t.alerts.none}</span><Button type="text" size="small" aria-label={c.close} icon={<CloseOutlined />} onClick={onClose} /></header></section>}
      {shown.map((a, i) => (
        <section key={a.id} className={'alert ' + a.level}>
          <header><i aria-hidden="true">{icons[a.level]}</i><span>{t.alerts[a.level]}</span>{a.at && <time title={exact(a.at)}>{relTime(a.at)}</time>}</header>
          <h2>{a.who && <b>{a.who}</b>} {a.title}</h2>
          {a.said && <blockquote aria-label={t.alerts.said}>{a.said}</blockquote>}
          {(a.rule || a.due) && <dl>{a.rule && <><dt>{t.alerts.rule}</dt><dd>{a.rule}</dd></>}{a.due && <><dt>{t.alerts.due}</dt><dd>{exact(a.due)}</dd></>}</dl>}
          <footer><Button type="primary" size="small" danger={a.level === 'flag'} onClick={() => open(a)}>{t.alerts.open}{i === 0 && <kbd>F8</kbd>}</Button>{!all && <Button size="small" onClick={() => alerts.later(a.id)}>{t.alerts.later}</Button>}</footer>
        </section>
      ))}
      {!all && alerts.fresh.length > 3 && <p className="dock-more">{t.alerts.more(alerts.fresh.length - 3)}</p>}
    </aside>
  )
}
