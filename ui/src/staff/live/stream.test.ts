import { expect, test } from 'vitest'
import { outdated } from './live'
import { read } from './stream'

test('facts and pops are told apart', () => {
  expect(read('fact', '{"name":"message.received","at":"2026-11-23T01:00:00Z","body":{"patient_id":"pt_1"}}', '7')).toEqual({ id: '7', name: 'message.received', data: { patient_id: 'pt_1', at: '2026-11-23T01:00:00Z' } })
  expect(read('pop', '{"kind":"red_flag","body":{"task_id":"ft_1"}}', '8')?.name).toBe('pop.red_flag')
  expect(read('fact', 'not json', '9')).toBeUndefined()
  expect(read('fact', '{}', '9')).toBeUndefined()
})

test('an event outdates its room and what shows it elsewhere', () => {
  expect(outdated('message.settled')).toContain('message')
  expect(outdated('followup.flagged')).toContain('worklist')
})
