import { createContext, useContext, useMemo, type ReactNode } from 'react'
import { useQuery } from '@tanstack/react-query'
import { call } from '../api/call'
import type { Me } from '../api/contract/session'
import '../api/contract/demo'
import { setClock, setZone } from '../lib/format'

interface Value { session: Me; may: (...any: string[]) => boolean }
const Context = createContext<Value | null>(null)

/** useSessionQuery asks who is signed in. */
export const useSessionQuery = () => useQuery({ queryKey: ['session'], queryFn: ({ signal }) => call('GET /api/v1/me', { signal }), staleTime: 60_000, retry: 1 })

/** allows answers whether one of the wanted permissions is held. "followup.*" wants any of that room; a held "*" is all. */
export function allows(held: string[], wanted: string[]): boolean {
  if (wanted.length === 0) return true
  return wanted.some(w => held.some(h => h === '*' || h === w || (w.endsWith('.*') && h.startsWith(w.slice(0, -1)))))
}

/** SessionProvider gives every page the signed-in person. */
export function SessionProvider({ session, children }: { session: Me; children: ReactNode }) {
  if (session.hospital.zone) setZone(session.hospital.zone)
  // The demo hospital can turn its clock; the pages reckon with it.
  const clock = useQuery({ queryKey: ['demo', 'ahead'], enabled: session.demo, refetchInterval: 30_000, queryFn: async ({ signal }) => Date.parse((await call('GET /api/v1/demo/clock', { signal })).now) - Date.now() })
  const ahead = clock.data ?? 0
  setClock(() => Date.now() + ahead)
  const value = useMemo(() => ({ session, may: (...any: string[]) => allows(session.permissions, any) }), [session])
  return <Context.Provider value={value}>{children}</Context.Provider>
}

/** useSession is the signed-in person and what they may do: may('patient.record.create'). */
export function useSession(): Value {
  const v = useContext(Context)
  if (!v) throw new Error('useSession stands outside SessionProvider')
  return v
}
