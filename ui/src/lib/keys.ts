import { useEffect, useRef, useSyncExternalStore } from 'react'

/** One key of a page. Keys are written as the browser names them: 'j', 'Enter', 'ctrl+k', 'alt+ArrowUp'. */
export interface Key {
  key: string
  /** What the help shows; a key without a label is not listed. */
  label?: string
  /** How the help writes it, when several keys share one line ("j / k"). */
  show?: string
  run: (e: KeyboardEvent) => void
  /** Works while a field has the focus, too. */
  anywhere?: boolean
  /** Works while a dialog is open (the dialog's own keys). */
  dialog?: boolean
}

interface Group { title: string; keys: Key[] }
const groups = new Map<symbol, Group>()
const readers = new Set<() => void>()
let listed: Group[] = []
const changed = () => { listed = [...groups.values()].filter(g => g.keys.some(k => k.label)); readers.forEach(f => f()) }

/** nameOf writes an event as a Key does. */
export function nameOf(e: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>): string {
  const key = e.key.length === 1 ? e.key.toLowerCase() : e.key
  return (e.ctrlKey || e.metaKey ? 'ctrl+' : '') + (e.altKey ? 'alt+' : '') + key
}

const editable = (el: HTMLElement) => /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName) ? !/^(checkbox|radio|button)$/.test((el as HTMLInputElement).type) : el.isContentEditable
const pressable = (el: HTMLElement) => !!el.closest('button, a[href], [role=button], [role=tab], [role=option], [role=menuitem], [role=combobox], input, summary')
const dialogOpen = () => Array.from(document.querySelectorAll('[role=dialog]')).some(d => d.getClientRects().length > 0 && !d.hasAttribute('data-quiet'))

function onKey(e: KeyboardEvent) {
  if (e.isComposing || e.key === 'Process' || e.defaultPrevented) return // an input method is at work
  const el = e.target as HTMLElement
  const name = nameOf(e)
  const typing = editable(el)
  const dialog = dialogOpen()
  for (const group of [...groups.values()].reverse()) {
    for (const k of group.keys) {
      if (k.key !== name || (typing && !k.anywhere) || (dialog && !k.dialog && !k.anywhere)) continue
      if ((name === 'Enter' || name === ' ') && !k.anywhere && pressable(el)) continue
      e.preventDefault()
      k.run(e)
      return
    }
  }
}

/** useKeys binds keys for as long as the component lives and lists them in the help. */
export function useKeys(title: string, keys: Key[]) {
  const id = useRef<symbol | null>(null)
  const at = (id.current ??= Symbol(title))
  const shape = keys.map(k => k.key + (k.label ?? '')).join('\n') + title
  const live = groups.get(at)
  if (live) { live.keys = keys; live.title = title }
  useEffect(() => {
    if (groups.size === 0) window.addEventListener('keydown', onKey)
    groups.set(at, { title, keys })
    changed()
    return () => {
      groups.delete(at)
      if (groups.size === 0) window.removeEventListener('keydown', onKey)
      changed()
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [shape, at])
}

/** useKeyList is every key that works now, by group. */
export const useKeyList = () => useSyncExternalStore(f => { readers.add(f); return () => { readers.delete(f) } }, () => listed)
