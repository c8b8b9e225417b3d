import { expect, test } from 'vitest'
import { allows } from './session'

test('a permission holds for itself, its room, and everything', () => {
  expect(allows(['patient.record.read'], ['patient.record.read'])).toBe(true)
  expect(allows(['patient.patient.read'], ['patient.*'])).toBe(true)
  expect(allows(['*'], ['audit.entry.read'])).toBe(true)
  expect(allows(['patient.record.read'], ['patient.record.create'])).toBe(false)
  expect(allows(['patientx.record.read'], ['patient.*'])).toBe(false)
  expect(allows([], [])).toBe(true)
})
