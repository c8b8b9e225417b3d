import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { call } from '../api/call'
import '../api/contract/custom'

/*
 * What a person arranged (columns, widths, density) lives on the server, so that it follows them to another machine. This browser keeps a
 * copy, so that a page is drawn right at once and also while the server is away.
 */
const at = (key: string) => 'renxin.pref.' + key
const listeners = new Set<() => void>()
const timers = new Map<string, number>()
const tell = () => listeners.forEach(f => f())

/** readPref gives the stored text of a preference, "" when there is none. */
export const readPref = (key: string) => localStorage.getItem(at(key)) ?? ''

/** writePref keeps a preference; the server hears of it when the hand has rested. */
export function writePref(key: string, value: string) {
  if (value) localStorage.setItem(at(key), value)
  else localStorage.removeItem(at(key))
  tell()
  window.clearTimeout(timers.get(key))
  timers.set(key, window.setTimeout(() => { timers.delete(key); call('PUT /api/v1/preferences/{key}', { path: { key }, body: { value } }).catch(() => undefined) }, 600))
}

/** loadPrefs takes over what the server knows; what is on its way there stays. */
export async function loadPrefs() {
  const { items } = await call('GET /api/v1/preferences')
  const known = new Set(items.map(x => at(x.key)))
  for (const x of items) if (!timers.has(x.key)) localStorage.setItem(at(x.key), x.value)
  for (const key of Object.keys(localStorage)) if (key.startsWith(at('')) && !known.has(key) && !timers.has(key.slice(at('').length))) localStorage.removeItem(key)
  tell()
}

/** prefsFile is everything a person arranged, to take along. */
export async function prefsFile() {
  const { items } = await call('GET /api/v1/preferences')
  return JSON.stringify({ renxin: 'preferences', items: items.map(x => ({ key: x.key, value: x.value })) }, null, 2)
}

/** takePrefs brings such a file back; it gives how many it took, or -1 for a file of another kind. */
export async function takePrefs(text: string) {
  let file: { renxin?: string; items?: { key?: unknown; value?: unknown }[] }
  try { file = JSON.parse(text) as typeof file } catch { return -1 }
  if (file.renxin !== 'preferences' || !Array.isArray(file.items)) return -1
  let n = 0
  for (const x of file.items) {
    if (typeof x.key !== 'string' || typeof x.value !== 'string') continue
    await call('PUT /api/v1/preferences/{key}', { path: { key: x.key }, body: { value: x.value } })
    n++
  }
  await loadPrefs()
  return n
}

const subscribe = (f: () => void) => { listeners.add(f); return () => { listeners.delete(f) } }

/** usePref is one preference as a value, with the way to change it. */
export function usePref<V>(key: string, fallback: V): [V, (v: V | undefined) => void] {
  const text = useSyncExternalStore(subscribe, () => readPref(key))
  const set = useCallback((v: V | undefined) => writePref(key, v === undefined ? '' : JSON.stringify(v)), [key])
  const kept = useMemo(() => { try { return text ? (JSON.parse(text) as V) : undefined } catch { return undefined } }, [text]) // of another version: as if there were none
  return [kept ?? fallback, set]
}
