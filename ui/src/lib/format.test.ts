import { afterEach, beforeEach, expect, test } from 'vitest'
import { addDays, ageOf, dayOf, instantOf, overdueDays, relDay, relTime, setClock, setZone, watchClock, yuan, clockTurned } from './format'
import { setLanguage } from './i18n'

beforeEach(() => { setLanguage('zh-CN'); setZone('Asia/Shanghai'); setClock(() => Date.parse('2026-11-21T18:30:00Z')) })
afterEach(() => setClock(() => Date.now()))

test('a day begins at the hospital, not at the browser', () => {
  expect(dayOf('2026-11-21T18:30:00Z')).toBe('2026-11-22')
  setZone('Europe/London')
  expect(dayOf('2026-11-21T18:30:00Z')).toBe('2026-11-21')
})

test('relative days say today, overdue and the date beyond a month', () => {
  expect(relDay('2026-11-22')).toBe('今天')
  expect(relDay('2026-11-19')).toBe('3 天前')
  expect(relDay('2026-10-01')).toBe('2026-10-01')
  expect(overdueDays('2026-11-20')).toBe(2)
  expect(overdueDays('2026-11-23')).toBe(0)
  setLanguage('en')
  expect(relDay('2026-11-25')).toBe('in 3 days')
})

test('relative times stay exact beyond today', () => {
  expect(relTime('2026-11-21T18:29:40Z')).toBe('刚刚')
  expect(relTime('2026-11-21T18:00:00Z')).toBe('30 分钟前')
  expect(relTime('2026-11-20T18:00:00Z')).toBe('昨天 02:00')
})

test('PT-26 age turns on the birthday, also on 29 February', () => {
  expect(ageOf('2000-02-29', '2026-02-28')).toBe('25 岁')
  expect(ageOf('2000-02-29', '2026-03-01')).toBe('26 岁')
  expect(ageOf('2000-11-22', '2026-11-22')).toBe('26 岁')
  expect(ageOf('2026-10-01', '2026-11-22')).toBe('52 天')
  expect(ageOf('2025-09-22', '2026-11-22')).toBe('14 个月')
  expect(ageOf('1960', '2026-11-22')).toBe('66 岁')
  expect(ageOf('1960-12', '2026-11-22')).toBe('65 岁')
  expect(ageOf('2027-01-01', '2026-11-22')).toBe('—')
})

test('money is written from fen', () => {
  expect(yuan(48650)).toBe('¥486.50')
  expect(yuan(-5)).toBe('-¥0.05')
  expect(yuan(0)).toBe('¥0.00')
})

test('days are calendar days', () => { expect(addDays('2026-02-27', 2)).toBe('2026-03-01') })

test('a time of day is the hospital\u2019s, whatever the browser thinks', () => {
  expect(instantOf('2026-11-23', '09:00')).toBe('2026-11-23T01:00:00.000Z')
  setZone('Europe/London')
  expect(instantOf('2026-07-01', '09:00')).toBe('2026-07-01T08:00:00.000Z')
  expect(instantOf('2026-12-01', '09:00')).toBe('2026-12-01T09:00:00.000Z')
})

test('turning the clock tells those who show a distance from now, until they stop', () => {
  let told = 0
  const stop = watchClock(() => { told++ })
  clockTurned()
  stop()
  clockTurned()
  expect(told).toBe(1)
})
