import { useSyncExternalStore } from 'react'

/** The two languages of every page. */
export type Lang = 'zh-CN' | 'en'

/** A catalogue of one area in both languages. */
export interface Text<T> { zh: T; en: T }

/** text binds the two catalogues; the compiler refuses an English one that lacks a key. */
export function text<T>(zh: T, en: NoInfer<T>): Text<T> { return { zh, en } }

let current: Lang = read()
const readers = new Set<() => void>()

function read(): Lang {
  const kept = localStorage.getItem('renxin.lang')
  if (kept === 'zh-CN' || kept === 'en') return kept
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}

/** language is the language of this moment, for code outside components. */
export const language = (): Lang => current

/** setLanguage switches every page at once, remembers it, and tells the server-made pages by cookie. */
export function setLanguage(next: Lang) {
  current = next
  localStorage.setItem('renxin.lang', next)
  document.cookie = `lang=${next}; path=/; max-age=31536000; samesite=lax`
  document.documentElement.lang = next
  readers.forEach(f => f())
}

function subscribe(f: () => void) {
  readers.add(f)
  return () => { readers.delete(f) }
}

/** useLanguage re-renders its component when the language changes. */
export const useLanguage = (): Lang => useSyncExternalStore(subscribe, language)

/** pick chooses the catalogue of the present language outside components. */
export const pick = <T>(t: Text<T>): T => (current === 'zh-CN' ? t.zh : t.en)

/** useText gives a component the catalogue of the present language. */
export function useText<T>(t: Text<T>): T { return useLanguage() === 'zh-CN' ? t.zh : t.en }
