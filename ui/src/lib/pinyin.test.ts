import { expect, test } from 'vitest'
import { fit, fitting } from './pinyin'

const people = [{ label: '张薇红', pinyin: 'zhang wei hong' }, { label: '周文文', pinyin: 'zhou wen wen' }, { label: '张伟', pinyin: 'zhang wei', code: 'D0017' }, { label: '妇科', pinyin: 'fu ke', code: '3100 FCK' }]

test('SY-24 pickers take characters, pinyin, initials and codes, the best fit first', () => {
  expect(fitting(people, 'zw').map(p => p.label)).toEqual(['张伟', '张薇红', '周文文'])
  expect(fitting(people, 'zhangwei').map(p => p.label)).toEqual(['张伟', '张薇红'])
  expect(fitting(people, 'zhang wei')[0]?.label).toBe('张伟')
  expect(fitting(people, '薇').map(p => p.label)).toEqual(['张薇红'])
  expect(fitting(people, 'wenw').map(p => p.label)).toEqual(['周文文'])
  expect(fitting(people, 'fck').map(p => p.label)).toEqual(['妇科'])
  expect(fitting(people, '31').map(p => p.label)).toEqual(['妇科'])
  expect(fitting(people, '')).toHaveLength(4)
  expect(fit(people[0]!, 'xyz')).toBe(-1)
})
