import { dayOf, timeOf } from '../../../lib/format'

/** moment is the instant (RFC 3339) of a date and time of day at the hospital, wherever the browser stands. */
export function moment(date: string, time = '00:00'): string {
  const wished = Date.parse(`${date}T${time}:00Z`)
  let at = wished
  for (let i = 0; i < 2; i++) at += wished - Date.parse(`${dayOf(at)}T${timeOf(at)}:00Z`) // twice, for a change of clocks on the way
  return new Date(at).toISOString()
}

/** midnight is the first instant of a business date. */
export const midnight = (date: string) => moment(date)
