/** Something that a type-ahead field offers. pinyin holds the syllables with spaces between them ("lin jing"). */
export interface Choice { label: string; pinyin?: string; code?: string }

/**
 * fit says how well a choice fits what was typed: 0 the whole, 1 the whole initials, 2 a beginning, 3 inside, -1 not at all. Characters,
 * pinyin, initials and codes are compared alike everywhere.
 */
export function fit(c: Choice, typed: string): number {
  const t = typed.trim().toLowerCase().replace(/\s+/g, '')
  if (!t) return 3
  const syllables = (c.pinyin ?? '').split(' ').filter(Boolean)
  const label = c.label.toLowerCase()
  const codes = (c.code ?? '').toLowerCase().split(' ')
  const initials = syllables.map(s => s[0]).join('')
  if (label === t || syllables.join('') === t || codes.includes(t)) return 0
  if (initials === t) return 1
  if (label.startsWith(t) || syllables.join('').startsWith(t) || initials.startsWith(t) || codes.some(x => x.startsWith(t))) return 2
  if (label.includes(t) || initials.includes(t) || codes.some(x => x.includes(t))) return 3
  return syllables.some((_, i) => syllables.slice(i).join('').startsWith(t)) ? 3 : -1
}

/** fitting keeps what fits, the best first; equals stay in their order. */
export function fitting<T extends Choice>(all: T[], typed: string): T[] {
  return all.map(c => ({ c, n: fit(c, typed) })).filter(x => x.n >= 0).sort((a, b) => a.n - b.n).map(x => x.c)
}
