import { afterEach, expect, test } from 'vitest'
import { setClock } from '../../../lib/format'
import { filterOf } from './state'

afterEach(() => setClock(() => Date.now()))

test('an address becomes a filter; "me" and day counts are resolved when asked', () => {
  setClock(() => Date.parse('2026-11-23T01:00:00Z'))
  expect(filterOf({ owner: 'me', seen_days: '7', tag: ['术后', '医保'], age_from: '60' }, 'st_1')).toMatchObject({ owner_id: 'st_1', seen_from: '2026-11-16', tag: '术后', age_from: 60 })
})

test('nonsense in an address is no filter', () => {
  expect(filterOf({ age_from: 'x', seen_days: '-3' }, 'st_1')).toEqual({})
})
