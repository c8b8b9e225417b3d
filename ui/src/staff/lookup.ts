import { useQuery } from '@tanstack/react-query'
import { call } from '../api/call'
import '../api/contract/lookup'

/** useColleagues are the active colleagues, for choosing an owner. */
export const useColleagues = (on = true) => useQuery({ queryKey: ['staff', 'active'], enabled: on, staleTime: 300_000, queryFn: ({ signal }) => call('GET /api/v1/colleagues', { signal }) })
