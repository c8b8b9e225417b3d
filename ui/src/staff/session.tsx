import { createContext, useContext, useEffect, useMemo, type ReactNode } from 'react'
import { useQuery } from '@tanstack/react-query'
import { call } from '../api/call'
import type { Me } from '../api/contract/session'
import '../api/contract/demo'
import { clockTurned, setClock, setZone } from '../lib/format'
import { loadPrefs } from '../lib/prefs'

interface Value { session: Me; may: (...any: string[]) => boolean; turns: number }
const Context = createContext<Value | null>(null)

/** useSessionQuery asks who is signed in. */
export const useSessionQuery = () => useQuery({ queryKey: ['session'], queryFn: ({ signal }) => call('GET /api/v1/me', { signal }), staleTime: 60_000, retry: 1 })

/** allows answers whether one of the wanted permissions is held. "followup.*" wants any of that room; a held "*" is all. */
export function allows(held: string[], wanted: string[]): boolean {
  if (wanted.length === 0) return true
  return wanted.some(w => held.some(h => h === '*' || h === w || (w.endsWith('.*') && h.startsWith(w.slice(0, -1)))))
}

/** steady keeps an offset that differs only by the way there and back: that is no turned clock. */
const steady = (old: unknown, fresh: unknown) => (typeof old === 'number' && Math.abs(old - (fresh as number)) < 20_000 ? old : fresh)

/** SessionProvider gives every page the signed-in person. */
export function SessionProvider({ session, waiting, children }: { session: Me; waiting: ReactNode; children: ReactNode }) {
  if (session.hospital.zone) setZone(session.hospital.zone)
  // The demo hospital can turn its clock; the pages reckon with it, so that nothing is painted before it is known.
  const clock = useQuery({ queryKey: ['demo', 'ahead'], enabled: session.demo, refetchInterval: 30_000, queryFn: async ({ signal }) => Date.parse((await call('GET /api/v1/demo/clock', { signal })).now) - Date.now(), structuralSharing: steady })
  const ahead = clock.data ?? 0
  setClock(() => Date.now() + ahead)
  useEffect(clockTurned, [ahead])
  useEffect(() => { loadPrefs().catch(() => undefined) }, [session.id])
  const value = useMemo(() => ({ session, may: (...any: string[]) => allows(session.permissions, any), turns: ahead }), [session, ahead])
  if (session.demo && clock.isPending) return waiting
  return <Context.Provider value={value}>{children}</Context.Provider>
}

/** useSession is the signed-in person, what they may do: may('patient.record.create'), and by how much the demo's clock was turned. */
export function useSession(): Value {
  const v = useContext(Context)
  if (!v) throw new Error('useSession stands outside SessionProvider')
  return v
}
