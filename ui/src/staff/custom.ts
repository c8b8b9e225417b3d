import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { call } from '../api/call'
import '../api/contract/custom'
import type { Entry, Field } from '../api/contract/custom'
import { useLanguage } from '../lib/i18n'

/** useFields are the custom fields of patients that one's role sees, in the order of the form. */
export const useFields = () => useQuery({ queryKey: ['field', 'patient'], staleTime: 300_000, queryFn: ({ signal }) => call('GET /api/v1/fields', { query: { entity: 'patient' }, signal }) })

interface Choice { value: string; label: string; pinyin: string; children?: Choice[] }

/** Words of a dictionary: how a code reads, and what a picker offers. A merged word reads as what took its place. */
export interface Words { label: (code: string) => string; options: Choice[]; tree: Choice[]; entries: Entry[] }

/** useDictionary reads one dictionary. */
export function useDictionary(name: string): Words {
  const lang = useLanguage()
  const q = useQuery({ queryKey: ['setting', 'dictionary', name], staleTime: 300_000, queryFn: ({ signal }) => call('GET /api/v1/dictionaries/{name}', { path: { name }, signal }) })
  return useMemo(() => {
    const entries = q.data?.items ?? []
    const by = new Map(entries.map(e => [e.code, e]))
    const own = (e: Entry) => (lang === 'en' && e.en ? e.en : e.zh)
    const label = (code: string) => {
      const found = by.get(code)
      if (!found) return code
      const e = by.get(found.merged_into) ?? found
      const above = by.get(e.parent)
      return above ? `${own(above)} / ${own(e)}` : own(e)
    }
    const offered = entries.filter(e => e.active && !e.merged_into)
    const option = (e: Entry): Choice => ({ value: e.code, label: label(e.code), pinyin: e.pinyin })
    const under = (code: string) => offered.filter(e => e.parent === code)
    const tree = under('').map(e => ({ value: e.code, label: own(e), pinyin: e.pinyin, children: under(e.code).map(x => ({ value: x.code, label: own(x), pinyin: x.pinyin })) }))
    return { label, options: under('').flatMap(e => [option(e), ...under(e.code).map(option)]), tree: tree.map(x => (x.children.length ? x : { value: x.value, label: x.label, pinyin: x.pinyin })), entries }
  }, [q.data, lang])
}

/** found keeps the options whose name, pinyin or initials hold what was typed. */
export const found = (typed: string, o?: { label?: unknown; pinyin?: unknown }) => `${String(o?.label ?? '')} ${String(o?.pinyin ?? '')}`.toLowerCase().includes(typed.trim().toLowerCase())

/** fieldLabel is a custom field's name in the reader's language. */
export const fieldLabel = (f: Field, lang: string) => (lang === 'en' && f.label_en ? f.label_en : f.label_zh)

/** showValues writes a field's values for a reader. */
export function showValues(f: Field, values: string[] | undefined, lang: string, words: { yes: string; no: string }, person: (id: string) => string): string {
  return (values ?? []).map(v => {
    if (f.kind === 'boolean') return v === 'true' ? words.yes : words.no
    if (f.kind === 'person') return person(v)
    const o = f.options.find(x => x.code === v)
    return o ? (lang === 'en' && o.en) || o.zh || o.code : v
  }).join('、')
}
