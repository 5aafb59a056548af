import { expect, it } from 'vitest'
import { meant, toldApart } from './namesakes'

const found = toldApart([
  { id: '1', name: '江苏省苏州市', more: '东部结对地区' },
  { id: '2', name: '兴农公司', more: '企业，岚皋县' },
  { id: '3', name: '兴农公司', more: '企业，平利县' },
])

it('tells namesakes apart, and leaves the others by their name', () => {
  expect(found.map((each) => each.label)).toEqual(['江苏省苏州市', '兴农公司 · 企业，岚皋县', '兴农公司 · 企业，平利县'])
})

it('takes none of two namesakes by the name alone', () => {
  expect(meant(found, '兴农公司')).toBe('')
  expect(meant(found, '兴农公司 · 企业，平利县')).toBe('3')
})

it('takes nobody for a text that is no name', () => {
  expect(meant(found, '江苏')).toBe('')
  expect(meant(found, ' 江苏省苏州市 ')).toBe('1')
})

it('takes none of two that nothing tells apart', () => {
  expect(meant(toldApart([{ id: '1', name: '同名', more: '' }, { id: '2', name: '同名', more: '' }]), '同名')).toBe('')
})
