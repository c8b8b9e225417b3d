import { expect, test } from 'vitest'
import type { Offer } from '../../../api/contract/segment'
import { begin, change, close, conditions, open, whole } from './model'

const offer = (name: string, needs: string[], more: Partial<Offer> = {}): Offer => ({ name, key: '', label: name, group: '', takes: needs, needs, aspects: [], only: [], search: false, free: false, unit: '', care: false, ...more })
const offers = [offer('sex', ['values']), offer('visited', ['period'], { aspects: [{ value: 'last', label: '' }] }), offer('spend', ['range'])]

test('a tree survives opening and closing', () => {
  const tree = { v: 1, root: { op: 'and', nodes: [{ op: 'is', dim: 'sex', values: ['female'] }, { op: 'not', nodes: [{ op: 'is', dim: 'spend', from: 100 }] }] } }
  expect(close(open(tree))).toEqual(tree)
})

test('a single condition becomes a group of one', () => {
  expect(close(open({ v: 1, root: { op: 'is', dim: 'sex', values: ['male'] } })).root).toEqual({ op: 'and', nodes: [{ op: 'is', dim: 'sex', values: ['male'] }] })
})

test('only whole trees are asked', () => {
  const root = open()
  expect(whole(offers, root)).toBe(false)
  const sex = begin(offers[0]!)
  const with1 = { ...root, nodes: [sex] }
  expect(whole(offers, with1)).toBe(false)
  const filled = change(with1, sex.id, r => ({ ...r, values: ['female'] }))
  expect(whole(offers, filled)).toBe(true)
  expect(whole(offers, { ...filled, nodes: [...filled.nodes!, { id: 99, op: 'or', nodes: [] }] })).toBe(false)
  expect(whole(offers, { op: 'is', dim: 'spend', from: 5, to: 3 })).toBe(false)
  expect(whole(offers, { op: 'is', dim: 'visited', period: { kind: 'between', from: '2026-02-01', to: '2026-01-01' } })).toBe(false)
  expect(whole(offers, begin(offers[1]!))).toBe(true)
  expect(conditions(filled)).toBe(1)
  expect(change(filled, sex.id, () => undefined).nodes).toEqual([])
})
