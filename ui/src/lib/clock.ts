import { useSyncExternalStore } from 'react'
import { now, watchClock } from './format'

const minute = () => Math.floor(now() / 60_000)

/** useMinute re-renders its component when the minute changes or the clock is turned, so that “today” does not go stale. */
export const useMinute = () => useSyncExternalStore(watchClock, minute)
