import type { PatientFilter } from '../../../api/contract/patient'
import { addDays, today } from '../../../lib/format'
import { many, one, type Search, type useUrl } from '../../../lib/url'

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

const at = 'renxin.patients.text.'

/**
 * useSearchText keeps the searched text in this tab only. It may be a name or a number, and addresses end up in histories and logs: the
 * address holds a meaningless key, so that "back" finds the text again and a fresh visit begins without one.
 */
export function useSearchText(url: ReturnType<typeof useUrl>) {
  const key = url.one('find')
  const value = (key && sessionStorage.getItem(at + key)) || ''
  const change = (v: string | undefined) => {
    const fresh = v && Math.random().toString(36).slice(2, 8)
    if (v && fresh) sessionStorage.setItem(at + fresh, v)
    url.set({ find: fresh })
  }
  return [value, change] as const
}
