import { Button, Tooltip } from 'antd'
import { CheckCircleFilled, ClockCircleOutlined, CloseCircleFilled, ExclamationCircleFilled, InfoCircleFilled, MinusCircleOutlined } from '@ant-design/icons'
import type { ReactNode } from 'react'
import { useMinute } from '../clock'
import { dayOf, exact, overdueDays, relDay, relTime, today } from '../format'
import { useText } from '../i18n'
import { common } from '../text/common'
import { grades, type GradeKey } from '../theme'

/** What a state means for the reader; the icon's shape tells it without colour. */
export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'idle' | 'wait' | 'plain'

const shapes: Record<Tone, ReactNode> = { ok: <CheckCircleFilled />, warn: <ExclamationCircleFilled />, bad: <CloseCircleFilled />, info: <InfoCircleFilled />, idle: <MinusCircleOutlined />, wait: <ClockCircleOutlined />, plain: null }

/** StatusTag writes a state: shape, word and colour. */
export const StatusTag = ({ tone, children, title }: { tone: Tone; children: ReactNode; title?: string }) => <span className={'status ' + tone} title={title}>{shapes[tone]}<span>{children}</span></span>

/** Tag is a plain label. */
export const Tag = ({ children, warn }: { children: ReactNode; warn?: boolean }) => <span className={'tag' + (warn ? ' warn' : '')}>{children}</span>

/** Grade is letter and colour, never colour alone. */
export function Grade({ grade, long }: { grade?: string | null; long?: boolean }) {
  const t = useText(common)
  const g = grades[grade as GradeKey]
  if (!grade || !g) return null
  const label = t.grade[grade] ?? ''
  return <span className="grade" style={{ color: g.fg, background: g.bg }} title={t.gradeOf(grade, label)}>{grade}{long ? ` · ${label}` : ''}</span>
}

/** When writes a moment by its distance; the exact one shows on hover and in print. */
export function When({ at, time }: { at?: string | number | null; time?: boolean }) {
  useMinute()
  if (!at) return <span className="sub">—</span>
  return <time className="when" dateTime={new Date(at).toISOString()} title={exact(at)}>{time ? relTime(at) : relDay(at)}</time>
}

/** Due writes a due date; lateness stands in words and colour. */
export function Due({ date }: { date?: string | null }) {
  const t = useText(common)
  useMinute()
  if (!date) return <span className="sub">—</span>
  const late = overdueDays(date)
  const word = late > 0 ? t.overdue(late) : relDay(date)
  return <time dateTime={date} title={exact(date)} className={late > 0 ? 'late' : dayOf(date) === today() ? 'soon' : ''}>{word}</time>
}

const skin = ['#dcebea', '#e6e4f3', '#f3e8d8', '#dfeaf4', '#f4e1dd', '#e3eed9']

/** Initial is the square with the first character of a name. */
export const Initial = ({ name, size = 44 }: { name: string; size?: number }) => (
  <span className="initial" aria-hidden="true" style={{ width: size, height: size, fontSize: size * 0.42, background: skin[(name.codePointAt(0) ?? 0) % skin.length] }}>{[...name][0] ?? '?'}</span>
)

/** IconButton is a small button whose name is its tooltip. */
export const IconButton = ({ icon, label, onClick, disabled, on }: { icon: ReactNode; label: string; onClick?: () => void; disabled?: boolean; on?: boolean }) => (
  <Tooltip title={label}><Button type="text" className={on ? 'on' : undefined} aria-label={label} aria-pressed={on} icon={icon} onClick={onClick} disabled={disabled} /></Tooltip>
)

/** Kbd writes a key or keys ("ctrl+k" becomes two caps). */
export const Kbd = ({ k }: { k: string }) => <>{k.split('+').map((x, i) => <kbd key={i}>{{ ctrl: 'Ctrl', ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', Escape: 'Esc', ' ': 'Space' }[x] ?? (x.length === 1 ? x.toUpperCase() : x)}</kbd>)}</>

/** Panel is a titled box. */
export function Panel({ title, extra, children, className = '', note }: { title?: ReactNode; note?: ReactNode; extra?: ReactNode; children: ReactNode; className?: string }) {
  return <section className={'panel ' + className}>{title && <h2>{title}{note && <small>{note}</small>}{extra && <span className="panel-extra">{extra}</span>}</h2>}{children}</section>
}

/** Facts is a list of names and values. */
export const Facts = ({ items }: { items: [ReactNode, ReactNode][] }) => <dl className="kv">{items.map(([k, v], i) => <div key={i}><dt>{k}</dt><dd>{v}</dd></div>)}</dl>
