import { useCallback, useState } from 'react'
import type { PatientFilter } from '../../../api/contract/patient'
import { addDays, today } from '../../../lib/format'
import { many, one, type Search } from '../../../lib/url'

/** Which parts of the address are filters, and the word under which the page shows them. */
export const filterKeys = ['dept', 'owner', 'tag', 'seen_from', 'seen_to', 'seen_days', 'sex', 'age_from', 'age_to', 'source', 'group'] as const

const whole = (v: string | undefined) => (v && /^\d{1,3}$/.test(v) ? Number(v) : undefined)

/** filterOf turns the address into the body of a search. */
export function filterOf(s: Search, me: string): PatientFilter {
  const days = whole(one(s.seen_days))
  const owner = one(s.owner)
  return {
    department_id: one(s.dept), owner_id: owner === 'me' ? me : owner, tag: many(s.tag)[0], sex: one(s.sex), source: one(s.source), condition_group_id: one(s.group),
    age_from: whole(one(s.age_from)), age_to: whole(one(s.age_to)),
    seen_from: days ? addDays(today(), -days) : one(s.seen_from), seen_to: one(s.seen_to),
  }
}

const at = 'renxin.patients.text'

/**
 * useSearchText keeps the searched text in this tab only. It may be a name or a number, and addresses
 * end up in histories and logs.
 */
export function useSearchText() {
  const [value, set] = useState(() => sessionStorage.getItem(at) ?? '')
  const change = useCallback((v: string | undefined) => {
    if (v) sessionStorage.setItem(at, v)
    else sessionStorage.removeItem(at)
    set(v ?? '')
  }, [])
  return [value, change] as const
}
