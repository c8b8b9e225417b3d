import { expect, test } from 'vitest'
import { spread } from './ruler'

test('FU-03 steps keep their order and a readable distance', () => {
  for (const days of [[10, 17, 24, 28, 90], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [90], []]) {
    const max = Math.max(7, ...days)
    const x = spread(days.map(d => Math.sqrt(d / max) * 94 + 2))
    for (let i = 1; i < x.length; i++) expect(x[i]! - x[i - 1]!).toBeGreaterThanOrEqual(Math.min(9, 94 / (x.length - 1)) - 1e-9)
    for (const v of x) { expect(v).toBeGreaterThanOrEqual(1.9); expect(v).toBeLessThanOrEqual(96.01) }
  }
})
