import { expect, test } from 'vitest'
import { blank, check, mobileOf, readDate, readID, threeWay } from './rules'

test('PT-01 dates are read as people type them', () => {
  expect(readDate('19790326')).toBe('1979-03-26')
  expect(readDate('1979.3.6')).toBe('1979-03-06')
  expect(readDate('1979年3月6日')).toBe('1979-03-06')
  expect(readDate('1979-03')).toBe('1979-03')
  expect(readDate('1979')).toBe('1979')
  expect(readDate('19790230')).toBeUndefined()
  expect(readDate('79-3-6')).toBeUndefined()
})

test('PT-01 an identity number gives birth date and sex, a wrong digit is caught', () => {
  expect(readID('110100197903260022')).toBeUndefined()
  const id = '11010019790326002'
  const valid = [...'0123456789X'].map(c => readID(id + c)).filter(Boolean)
  expect(valid).toEqual([{ birth: '1979-03-26', sex: 'female' }])
})

test('PT-04 +86, 0086 and spaces are dropped', () => {
  expect(mobileOf('+86 154 0000 1037')).toBe('15400001037')
  expect(mobileOf('0086-15400001037')).toBe('15400001037')
  expect(mobileOf('154 0000 1037')).toBe('15400001037')
})

test('PT-01 a record must be named and reachable or recognisable', () => {
  expect(check(blank(), true)).toEqual({ name: 'name', sex: 'sex', contacts: 'unreachable' })
  const f = { ...blank(), name: '王秀英', sex: 'female', contacts: [{ system: 'mobile', value: '12345', owner: 'self' }] }
  expect(check(f, true)).toEqual({ contacts: 'mobile' })
  expect(check({ ...f, contacts: [{ system: 'mobile', value: '15400001037', owner: 'self' }], birth_date: '20990101' }, true)).toEqual({ birth_date: 'future' })
  expect(check({ ...f, contacts: [] }, false)).toEqual({})
})

test('a conflict asks only where both changed the same field', () => {
  const base = { name: '王秀英', note: '', occupation: '教师', alert: '' }
  const mine = { ...base, note: '听力差', occupation: '退休' }
  const theirs = { ...base, occupation: '校长', alert: '青霉素过敏' }
  const r = threeWay(base, mine, theirs)
  expect(r.patch).toEqual({ note: '听力差' })
  expect(r.clashes.map(c => c.key)).toEqual(['occupation'])
  expect(r.theirs.map(c => c.key)).toEqual(['alert'])
  expect(threeWay(base, theirs, theirs)).toEqual({ patch: {}, clashes: [], theirs: [] })
})
