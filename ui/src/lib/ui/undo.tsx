import { App, Button } from 'antd'
import { useCallback } from 'react'
import { ApiError, OfflineError } from '../../api/call'
import { pick } from '../i18n'
import { common } from '../text/common'

let last: { run: () => void; until: number } | undefined

/** undoLast takes back the latest undoable action while its toast is up. */
export function undoLast() {
  if (last && Date.now() < last.until) last.run()
  last = undefined
}

/** useUndo shows what was done with six seconds to take it back ("z" does, too). */
export function useUndo() {
  const { message } = App.useApp()
  return useCallback((done: string, undo?: () => unknown) => {
    const key = `undo-${Date.now()}`
    const run = () => { message.destroy(key); last = undefined; void undo?.() }
    if (undo) last = { run, until: Date.now() + 6000 }
    void message.open({ key, type: 'success', duration: undo ? 6 : 3, content: <span>{done}{undo && <Button type="link" size="small" onClick={run}>{pick(common).undo}</Button>}</span> })
  }, [message])
}

/** words puts an error into one line with its remedy. */
export function words(e: unknown): string {
  const t = pick(common)
  if (e instanceof OfflineError) return t.toast.offline
  if (e instanceof ApiError) return e.detail || e.title || (e.status === 409 ? t.toast.conflict : `${t.toast.failed} (${e.status})`)
  return t.toast.failed
}

/** useFail says in a toast what went wrong and what to do. Field errors belong beside the field instead. */
export function useFail() {
  const { message } = App.useApp()
  return useCallback((e: unknown) => { void message.error({ content: words(e), duration: 6 }) }, [message])
}
