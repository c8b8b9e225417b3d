import { expect, test } from 'vitest'
import { many, one, parse, stringify, tidy } from './url'

test('an address reads back as it was written', () => {
  const s = { q: '王 wxy', dept: ['妇科', '骨科'], view: 'mine' }
  expect(parse(stringify(s).slice(1))).toEqual(s)
})

test('empty values leave no trace, so that equal views have one address', () => {
  expect(stringify({ q: '', dept: [], x: undefined, y: false })).toBe('')
  expect(tidy({ a: '', b: 'x' })).toEqual({ b: 'x' })
})

test('a value may stand once or several times', () => {
  expect(many('a')).toEqual(['a'])
  expect(many(['a', 'b'])).toEqual(['a', 'b'])
  expect(many(undefined)).toEqual([])
  expect(one(['a', 'b'])).toBe('a')
})
