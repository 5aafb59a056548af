import { expect, it } from 'vitest'
import { countOf, isWhole, separated } from './typed'

it('separates lists by either comma', () => {
  expect(separated('数学, 物理、化学，')).toEqual(['数学', '物理', '化学'])
})

it('knows whole numbers from a least one on', () => {
  expect(isWhole(' 12 ', 1)).toBe(true)
  expect(isWhole('0', 1)).toBe(false)
  expect(isWhole('1.5', 0)).toBe(false)
})

it('counts nothing typed as not known', () => {
  expect(countOf(' ')).toBeNull()
  expect(countOf('32')).toBe(32)
})
