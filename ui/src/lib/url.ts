import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'

/** Search is the part of the address after the question mark, as plain values. */
export type Search = Record<string, string | string[] | number | boolean | undefined>

/** tidy drops what is empty, so that two equal views have one address. */
export function tidy(s: Search): Search {
  const out: Search = {}
  for (const [k, v] of Object.entries(s)) {
    if (v === undefined || v === '' || v === false || (Array.isArray(v) && v.length === 0)) continue
    out[k] = v
  }
  return out
}

/** many reads a value that may stand once or several times. */
export const many = (v: unknown): string[] => (Array.isArray(v) ? v.map(String) : v === undefined || v === '' ? [] : [String(v)])

/** one reads a value that stands at most once. */
export const one = (v: unknown): string | undefined => (Array.isArray(v) ? one(v[0]) : v === undefined || v === '' ? undefined : String(v))

/** stringify writes an address; arrays repeat their name. No JSON, so that people can read and change it. */
export function stringify(s: Record<string, unknown>): string {
  const q = new URLSearchParams()
  for (const [k, v] of Object.entries(tidy(s as Search))) for (const x of Array.isArray(v) ? v : [v]) q.append(k, String(x))
  const t = q.toString()
  return t ? '?' + t : ''
}

/** parse reads what stringify wrote. */
export function parse(text: string): Record<string, string | string[]> {
  const out: Record<string, string | string[]> = {}
  new URLSearchParams(text).forEach((v, k) => {
    const had = out[k]
    out[k] = had === undefined ? v : Array.isArray(had) ? [...had, v] : [had, v]
  })
  return out
}

/**
 * useUrl keeps the state of a list in its address: back, share, bookmark and saved view are one thing.
 * set merges a patch and goes back to the first page; pass {cursor} to turn pages.
 */
export function useUrl() {
  const search = useSearch({ strict: false }) as Record<string, string | string[] | undefined>
  const navigate = useNavigate()
  const set = useCallback((patch: Search, options: { push?: boolean } = {}) => {
    void navigate({ to: '.', search: ((old: Search) => tidy({ ...old, cursor: undefined, ...patch })) as never, replace: !options.push })
  }, [navigate])
  const reset = useCallback((to: Search = {}) => { void navigate({ to: '.', search: (() => tidy(to)) as never }) }, [navigate])
  return { search, set, reset, one: (k: string) => one(search[k]), many: (k: string) => many(search[k]) }
}
