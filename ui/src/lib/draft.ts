import { useCallback, useEffect, useRef, useState } from 'react'

interface Kept<T> { at: number; value: T }

/** readDraft returns what was left unsaved under name, if it is younger than two weeks. */
export function readDraft<T>(name: string): Kept<T> | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem('renxin.draft.' + name) ?? 'null') as Kept<T> | null
    return kept && Date.now() - kept.at < 14 * 86_400_000 ? kept : undefined
  } catch { return undefined }
}

/** dropDraft forgets an unsaved value. */
export const dropDraft = (name: string) => localStorage.removeItem('renxin.draft.' + name)

/** dropAllDrafts forgets everything unsaved, at sign-out: the machine may be shared. */
export function dropAllDrafts() {
  for (const key of Object.keys(localStorage)) if (key.startsWith('renxin.draft.')) localStorage.removeItem(key)
}

/**
 * useDraft keeps a half-written value across a reload. keep() stores it within half a second,
 * drop() forgets it after the save; restored is what an earlier page left behind.
 */
export function useDraft<T>(name: string) {
  const [restored] = useState(() => readDraft<T>(name))
  const timer = useRef(0)
  const last = useRef<T | undefined>(undefined)
  const flush = useCallback(() => {
    window.clearTimeout(timer.current)
    if (last.current === undefined) return
    try { localStorage.setItem('renxin.draft.' + name, JSON.stringify({ at: Date.now(), value: last.current })) } catch { /* the store is full: the page still works */ }
    last.current = undefined
  }, [name])
  const keep = useCallback((value: T) => {
    last.current = value
    window.clearTimeout(timer.current)
    timer.current = window.setTimeout(flush, 400)
  }, [flush])
  const drop = useCallback(() => {
    window.clearTimeout(timer.current)
    last.current = undefined
    dropDraft(name)
  }, [name])
  useEffect(() => {
    window.addEventListener('pagehide', flush)
    return () => { window.removeEventListener('pagehide', flush); flush() }
  }, [flush])
  return { restored, keep, drop }
}
