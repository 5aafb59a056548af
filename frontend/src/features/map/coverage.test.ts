import { expect, it } from 'vitest'
import { kindOf } from './coverage'

const row = (needs: number, touched: number, covered: number, fulfilled: number) => ({ place: null, head: null, needs, touched, covered, fulfilled, types: [] })

it('tells nothing known from nothing covered', () => {
  expect(kindOf(undefined)).toBe('none')
  expect(kindOf(row(3, 0, 0, 0))).toBe('open')
})

it('calls a county covered only when all its needs are', () => {
  expect(kindOf(row(3, 2, 1, 0))).toBe('touched')
  expect(kindOf(row(3, 3, 3, 1))).toBe('covered')
  expect(kindOf(row(3, 3, 3, 3))).toBe('fulfilled')
})
