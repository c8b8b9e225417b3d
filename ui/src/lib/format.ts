import { language, type Lang } from './i18n'

let zone = 'Asia/Shanghai'
let clock = () => Date.now()

/** setZone tells every date on the pages the hospital's zone (not the browser's). */
export function setZone(name: string) { zone = name; made.clear() }

/** setClock replaces the clock: in tests, and where the demo hospital turned its own. */
export function setClock(now: () => number) { clock = now }

const watchers = new Set<() => void>()

/** clockTurned tells everything that shows a distance from now that now has moved. */
export const clockTurned = () => watchers.forEach(f => f())

/** watchClock calls f whenever the clock was turned and once a minute; it gives the way to stop. */
export function watchClock(f: () => void) {
  if (watchers.size === 0) ticking = window.setInterval(clockTurned, 60_000)
  watchers.add(f)
  return () => { watchers.delete(f); if (watchers.size === 0) window.clearInterval(ticking) }
}
let ticking = 0

const made = new Map<string, Intl.DateTimeFormat>()
function formatter(key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const id = key + language()
  let f = made.get(id)
  if (!f) made.set(id, (f = new Intl.DateTimeFormat(language(), { timeZone: zone, ...options })))
  return f
}

const isDate = /^\d{4}-\d{2}-\d{2}$/

/** dayOf is the business date (YYYY-MM-DD) of an instant in the hospital's zone; a date stays itself. */
export function dayOf(at: string | number | Date): string {
  if (typeof at === 'string' && isDate.test(at)) return at
  const p = new Map(new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(new Date(at)).map(x => [x.type, x.value]))
  return `${p.get('year')}-${p.get('month')}-${p.get('day')}`
}

/** instantOf is the instant (RFC 3339, UTC) at which the hospital's clocks show that date and time. */
export function instantOf(date: string, time: string): string {
  const wanted = Date.parse(`${date}T${time}:00Z`)
  let guess = wanted
  for (let i = 0; i < 2; i++) guess += wanted - Date.parse(`${dayOf(guess)}T${timeOf(guess)}:00Z`) // twice: the first step may cross a clock change
  return new Date(guess).toISOString()
}

/** today is the hospital's business date. */
export const today = () => dayOf(clock())

/** now is the instant the pages reckon with. */
export const now = () => clock()

/** daysBetween counts calendar days from one business date to another. */
export const daysBetween = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)

/** addDays moves a business date by calendar days. */
export const addDays = (date: string, n: number) => new Date(Date.parse(date) + n * 86_400_000).toISOString().slice(0, 10)

/** timeOf is the time of day (HH:MM) in the hospital's zone. */
export const timeOf = (at: string | number) => formatter('time', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(at))

/** exact is date and time in full, for hovers and print; a business date has no time. */
export const exact = (at: string | number) => (typeof at === 'string' && isDate.test(at) ? at : `${dayOf(at)} ${timeOf(at)}`)

const words: Record<Lang, { now: string; min: (n: number) => string; hour: (n: number) => string; today: string; yesterday: string; tomorrow: string; ago: (n: number) => string; ahead: (n: number) => string; age: (n: number) => string; months: (n: number) => string; days: (n: number) => string }> = {
  'zh-CN': { now: '刚刚', min: n => `${n} 分钟前`, hour: n => `${n} 小时前`, today: '今天', yesterday: '昨天', tomorrow: '明天', ago: n => `${n} 天前`, ahead: n => `${n} 天后`, age: n => `${n} 岁`, months: n => `${n} 个月`, days: n => `${n} 天` },
  en: { now: 'just now', min: n => `${n} min ago`, hour: n => `${n} h ago`, today: 'today', yesterday: 'yesterday', tomorrow: 'tomorrow', ago: n => `${n} days ago`, ahead: n => `in ${n} days`, age: n => `${n} y`, months: n => `${n} mo`, days: n => `${n} d` },
}

/** relDay says a date by its distance from today; beyond a month it is the date itself. */
export function relDay(at: string | number | undefined | null): string {
  if (at === undefined || at === null || at === '') return '—'
  const date = dayOf(at)
  const n = daysBetween(today(), date)
  const w = words[language()]
  if (n === 0) return w.today
  if (n === -1) return w.yesterday
  if (n === 1) return w.tomorrow
  if (Math.abs(n) > 30) return date
  return n < 0 ? w.ago(-n) : w.ahead(n)
}

/** relTime says an instant by its distance from now; older than today it is a day. */
export function relTime(at: string | number | undefined | null): string {
  if (at === undefined || at === null || at === '') return '—'
  const min = Math.floor((clock() - new Date(at).getTime()) / 60_000)
  const w = words[language()]
  if (min < 0 || dayOf(at) !== today()) return `${relDay(at)} ${timeOf(at)}`
  if (min < 1) return w.now
  return min < 60 ? w.min(min) : w.hour(Math.floor(min / 60))
}

/** overdueDays is how many days a due date lies before today; 0 when it does not. */
export const overdueDays = (due: string | number | undefined | null) => (due ? Math.max(0, daysBetween(dayOf(due), today())) : 0)

/** ageOf is the age by birth date: years, below two years months, below two months days. A date known only to the month or year gives years. */
export function ageOf(birth: string | undefined | null, on = today()): string {
  if (!birth || !/^\d{4}(-\d{2}(-\d{2})?)?$/.test(birth) || birth > on) return '—'
  const [y = 0, m = 0, d = 0] = birth.split('-').map(Number)
  const [ty = 0, tm = 0, td = 0] = on.split('-').map(Number)
  const w = words[language()]
  const months = (ty - y) * 12 + (m ? tm - m : 0) - (d && td < d ? 1 : 0)
  if (months >= 24 || !isDate.test(birth)) return w.age(Math.floor(months / 12))
  return months >= 2 ? w.months(months) : w.days(daysBetween(birth, on))
}

/** yuan writes an amount of fen. */
export function yuan(fen: number | undefined | null, digits = 2): string {
  if (fen === undefined || fen === null) return '—'
  const sign = fen < 0 ? '-' : ''
  return `${sign}¥${(Math.abs(fen) / 100).toLocaleString(language(), { minimumFractionDigits: digits, maximumFractionDigits: digits })}`
}

/** count writes a whole number with separators. */
export const count = (n: number | undefined | null) => (n === undefined || n === null ? '—' : n.toLocaleString(language()))

/** totalOf writes a list's total; "1,000+" says that the server stopped counting, and a figure that is no count is a round one. */
export function totalOf(t: { value: number; exact: boolean } | undefined) {
  if (!t) return ''
  if (t.exact) return count(t.value)
  const step = 10 ** Math.max(0, Math.floor(Math.log10(t.value || 1)))
  return count(Math.floor(t.value / step) * step) + '+'
}

/** percent writes a ratio of 0 to 1. */
export const percent = (x: number, digits = 0) => x.toLocaleString(language(), { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits })

/** duration writes seconds as m′ss″. */
export const duration = (seconds: number) => `${Math.floor(seconds / 60)}′${String(Math.floor(seconds % 60)).padStart(2, '0')}″`

/** bytes writes a file size. */
export function bytes(n: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let i = 0
  while (n >= 1024 && i < units.length - 1) { n /= 1024; i++ }
  return `${n.toLocaleString(language(), { maximumFractionDigits: n < 10 && i > 0 ? 1 : 0 })} ${units[i]}`
}
