import { createContext, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { open, type LiveEvent, type Listener } from './stream'

/** How long the stream may be away before anybody is told: a fresh page and a short break are no news. */
const patience = 3000

type Reader = (e: LiveEvent) => void
interface Value { connected: boolean; on: (pattern: string, f: Reader) => () => void }
const Context = createContext<Value>({ connected: false, on: () => () => undefined })

/** connect follows the server: through the shared worker where the browser has one, alone otherwise. */
function connect(listener: Listener): () => void {
  try {
    const worker = new SharedWorker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'renxin-live' })
    let fallback: (() => void) | undefined
    worker.onerror = () => { fallback ??= open(listener) }
    worker.port.onmessage = (m: MessageEvent<{ event?: LiveEvent; up?: boolean }>) => {
      if (m.data.event) listener.event(m.data.event)
      if (m.data.up !== undefined) listener.up(m.data.up)
    }
    const bye = () => worker.port.postMessage('bye')
    window.addEventListener('pagehide', bye)
    return () => { window.removeEventListener('pagehide', bye); bye(); worker.port.close(); fallback?.() }
  } catch {
    return open(listener)
  }
}

/** Which queries an event outdates: rooms name their query keys after themselves, so "message.delivered" outdates ["message"]. */
export function outdated(name: string): string[] {
  const room = name.split('.')[0] ?? ''
  const also: Record<string, string[]> = { followup: ['worklist', 'alert'], message: ['worklist', 'alert'], visit: ['worklist'], intake: ['operations'], job: ['operations'] }
  return [room, ...(also[room] ?? [])]
}

/** LiveProvider keeps one stream per browser, refreshes what an event outdates and hands events to whoever asked. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient()
  const readers = useRef(new Map<string, Set<Reader>>())
  const [connected, setConnected] = useState(true)
  useEffect(() => {
    let timer = 0
    let away = 0
    let dirty = new Set<string>()
    const flush = () => {
      timer = 0
      const keys = dirty
      dirty = new Set()
      void client.invalidateQueries({ predicate: q => keys.has(String(q.queryKey[0])) || (q.queryKey[0] === 'patient' && keys.has('patient:' + String(q.queryKey[1]))) })
    }
    const stop = connect({
      up: up => {
        window.clearTimeout(away)
        if (up) setConnected(true)
        else away = window.setTimeout(() => setConnected(false), patience)
      },
      event: e => {
        outdated(e.name).forEach(k => dirty.add(k))
        const patient = e.data.patient_id
        if (typeof patient === 'string') dirty.add('patient:' + patient)
        timer ||= window.setTimeout(flush, 150) // a burst is one refresh
        for (const [pattern, set] of readers.current) if (pattern === e.name || (pattern.endsWith('.*') && e.name.startsWith(pattern.slice(0, -1)))) set.forEach(f => f(e))
      },
    })
    return () => { window.clearTimeout(away); stop() }
  }, [client])
  const value = useMemo<Value>(() => ({
    connected,
    on: (pattern, f) => {
      const set = readers.current.get(pattern) ?? new Set()
      readers.current.set(pattern, set.add(f))
      return () => { set.delete(f) }
    },
  }), [connected])
  return <Context.Provider value={value}>{children}</Context.Provider>
}

/** useLive calls f for every event of that name; "message.*" takes a whole room. */
export function useLive(pattern: string, f: Reader) {
  const { on } = useContext(Context)
  const latest = useRef(f)
  latest.current = f
  useEffect(() => on(pattern, e => latest.current(e)), [on, pattern])
}

/** useConnected tells whether the live stream stands. */
export const useConnected = () => useContext(Context).connected
