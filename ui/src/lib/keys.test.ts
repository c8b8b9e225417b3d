import { expect, test } from 'vitest'
import { nameOf } from './keys'

const key = (k: Partial<KeyboardEvent>) => nameOf({ key: 'a', ctrlKey: false, metaKey: false, altKey: false, ...k })

test('keys are named once for all systems', () => {
  expect(key({ key: 'K', ctrlKey: true })).toBe('ctrl+k')
  expect(key({ key: 'k', metaKey: true })).toBe('ctrl+k')
  expect(key({ key: 'ArrowUp', altKey: true })).toBe('alt+ArrowUp')
  expect(key({ key: '?' })).toBe('?')
})
