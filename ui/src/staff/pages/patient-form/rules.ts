import type { FieldValue } from '../../../api/contract/custom'
import { today } from '../../../lib/format'

/** What the form holds. */
export interface Fields {
  name: string
  sex: string
  birth_date: string
  id_card: string
  contacts: { system: string; value: string; owner: string }[]
  numbers: { kind: string; value: string }[]
  occupation: string
  ethnicity: string
  marital: string
  source: string
  region_code: string
  address: string
  owner_id: string
  department_id: string
  tags: string[]
  /** The hospital's own fields. */
  fields: FieldValue[]
  alert: string
  note: string
}

/** blank is an empty form with one line for the mobile number. */
export const blank = (): Fields => ({ name: '', sex: '', birth_date: '', id_card: '', contacts: [{ system: 'mobile', value: '', owner: 'self' }], numbers: [], occupation: '', ethnicity: '', marital: '', source: '', region_code: '', address: '', owner_id: '', department_id: '', tags: [], fields: [], alert: '', note: '' })

const real = (y: number, m: number, d: number) => { const t = new Date(Date.UTC(y, m - 1, d)); return t.getUTCFullYear() === y && t.getUTCMonth() === m - 1 && t.getUTCDate() === d }
const two = (n: number) => String(n).padStart(2, '0')

/** readDate understands 19790326, 1979-3-26, 1979.3.26, 1979/03, 1979; undefined when it is no date. */
export function readDate(typed: string): string | undefined {
  const t = typed.trim()
  const m = /^(\d{4})(\d{2})(\d{2})$/.exec(t) ?? /^(\d{4})(?:\D+(\d{1,2})(?:\D+(\d{1,2})\D*)?)?$/.exec(t)
  if (!m) return undefined
  const [y, mo, d] = [Number(m[1]), Number(m[2] ?? 0), Number(m[3] ?? 0)]
  if (y < 1890 || y > 2100) return undefined
  if (!mo) return String(y)
  if (!d) return mo <= 12 ? `${y}-${two(mo)}` : undefined
  return real(y, mo, d) ? `${y}-${two(mo)}-${two(d)}` : undefined
}

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** readID checks an identity number (GB 11643) and reads birth date and sex from it. */
export function readID(typed: string): { birth: string; sex: 'male' | 'female' } | undefined {
  const id = typed.trim().toUpperCase()
  if (!/^\d{17}[\dX]$/.test(id)) return undefined
  const sum = weights.reduce((n, w, i) => n + w * Number(id[i]), 0)
  const birth = readDate(id.slice(6, 14))
  if ('10X98765432'[sum % 11] !== id[17] || !birth) return undefined
  return { birth, sex: Number(id[16]) % 2 ? 'male' : 'female' }
}

/** mobileOf is the bare number of what people type: spaces, dashes and a country code are dropped. */
export const mobileOf = (typed: string) => typed.replace(/[\s-]/g, '').replace(/^(\+|00)?86(?=1\d{10}$)/, '')

export type Wrong = Partial<Record<'name' | 'sex' | 'birth_date' | 'id_card' | 'contacts', 'name' | 'sex' | 'birth' | 'future' | 'id' | 'mobile' | 'unreachable'>>

/** check finds what cannot be saved. A new record must be reachable or recognisable. */
export function check(f: Fields, isNew: boolean): Wrong {
  const wrong: Wrong = {}
  if (!f.name.trim()) wrong.name = 'name'
  if (!f.sex) wrong.sex = 'sex'
  const birth = f.birth_date.trim() ? readDate(f.birth_date) : ''
  if (birth === undefined) wrong.birth_date = 'birth'
  else if (birth > today()) wrong.birth_date = 'future'
  if (f.id_card.trim() && !readID(f.id_card)) wrong.id_card = 'id'
  const filled = f.contacts.filter(c => c.value.trim())
  if (filled.some(c => c.system === 'mobile' && !/^1[3-9]\d{9}$/.test(mobileOf(c.value)))) wrong.contacts = 'mobile'
  else if (isNew && filled.length === 0 && !f.id_card.trim() && f.numbers.every(n => !n.value.trim())) wrong.contacts = 'unreachable'
  return wrong
}

export interface Clash { key: string; base: string; mine: string; theirs: string }

/**
 * threeWay compares my changes with those of somebody else since the same base. mine alone goes through,
 * theirs alone stays, both is a clash unless both say the same.
 */
export function threeWay(base: Record<string, string>, mine: Record<string, string>, theirs: Record<string, string>): { patch: Record<string, string>; clashes: Clash[]; theirs: Clash[] } {
  const out = { patch: {} as Record<string, string>, clashes: [] as Clash[], theirs: [] as Clash[] }
  for (const key of Object.keys(base)) {
    const [b, m, t] = [base[key] ?? '', mine[key] ?? '', theirs[key] ?? '']
    if (m === t) continue
    if (m !== b && t !== b) out.clashes.push({ key, base: b, mine: m, theirs: t })
    else if (m !== b) out.patch[key] = m
    else out.theirs.push({ key, base: b, mine: m, theirs: t })
  }
  return out
}
