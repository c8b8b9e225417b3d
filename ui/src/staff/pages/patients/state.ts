import type { FieldCondition } from '../../../api/contract/custom'
import type { PatientFilter } from '../../../api/contract/patient'
import { addDays, today } from '../../../lib/format'
import { many, one, type Search, type useUrl } from '../../../lib/url'

/** Which parts of the address are filters, and the word under which the page shows them. */
export const filterKeys = ['dept', 'owner', 'tag', 'seen_from', 'seen_to', 'seen_days', 'sex', 'age_from', 'age_to', 'source', 'group', 'cf', 'segment', 'key'] as const

const whole = (v: string | undefined) => (v && /^\d{1,3}$/.test(v) ? Number(v) : undefined)

/** filterOf turns the address into the body of a search. */
export function filterOf(s: Search, me: string): PatientFilter {
  const days = whole(one(s.seen_days))
  const owner = one(s.owner)
  return {
    department_id: one(s.dept), owner_id: owner === 'me' ? me : owner, tag: many(s.tag)[0], sex: one(s.sex), source: one(s.source), condition_group_id: one(s.group), segment_id: one(s.segment), ...(one(s.key) && { key: true }),
    age_from: whole(one(s.age_from)), age_to: whole(one(s.age_to)),
    ...(many(s.cf).length > 0 && { fields: readConditions(many(s.cf)).filter(x => x.op === 'filled' || x.op === 'empty' || x.values.some(v => v !== '')) }),
    seen_from: days ? addDays(today(), -days) : one(s.seen_from), seen_to: one(s.seen_to),
  }
}

const words = 'renxin.patients.field.'

/**
 * packCondition writes a condition on a custom field into the address: field~operator~values. Words of free text may be a name or a number,
 * so that the address holds a meaningless key for them, as for the searched text.
 */
export function packCondition(c: FieldCondition): string {
  const value = (v: string) => {
    if (c.op !== 'starts_with' || v === '') return v
    const key = '@' + Math.random().toString(36).slice(2, 8)
    sessionStorage.setItem(words + key, v)
    return key
  }
  return [c.field_id, c.op, ...c.values.map(value)].join('~')
}

const operators = ['is', 'starts_with', 'between', 'filled', 'empty']

/** readConditions reads them back; what makes no sense, or whose words this tab does not know, is left out. */
export const readConditions = (list: string[]): FieldCondition[] => list.flatMap(text => {
  const [field_id = '', op = '', ...values] = text.split('~')
  if (!field_id.startsWith('fd_') || !operators.includes(op)) return []
  const known = values.map(v => (v.startsWith('@') ? sessionStorage.getItem(words + v) ?? '' : v))
  return [{ field_id, op: op as FieldCondition['op'], values: op === 'between' ? [known[0] ?? '', known[1] ?? ''] : known }]
})

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
