import { afterEach, expect, test } from 'vitest'
import { setZone } from '../../../lib/format'
import { midnight, moment } from './moment'

afterEach(() => setZone('Asia/Shanghai'))

test('a time of day is the hospital’s, not the browser’s', () => {
  setZone('Asia/Shanghai')
  expect(midnight('2026-11-22')).toBe('2026-11-21T16:00:00.000Z')
  setZone('America/New_York')
  expect(moment('2026-07-01', '09:30')).toBe('2026-07-01T13:30:00.000Z')
  expect(moment('2026-12-01', '09:30')).toBe('2026-12-01T14:30:00.000Z')
})
