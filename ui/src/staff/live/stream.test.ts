import { expect, test } from 'vitest'
import { outdated } from './live'
import { read } from './stream'

test('facts and pops are told apart', () => {
  expect(read('fact', '{"name":"message.received","patient_id":"pt_1"}', '7')).toEqual({ id: '7', name: 'message.received', data: { name: 'message.received', patient_id: 'pt_1' } })
  expect(read('pop', '{"kind":"red_flag","task_id":"ft_1"}', '8')?.name).toBe('pop.red_flag')
  expect(read('fact', 'not json', '9')).toBeUndefined()
  expect(read('fact', '{}', '9')).toBeUndefined()
})

test('an event outdates its room and what shows it elsewhere', () => {
  expect(outdated('message.settled')).toContain('message')
  expect(outdated('followup.flagged')).toContain('worklist')
})
