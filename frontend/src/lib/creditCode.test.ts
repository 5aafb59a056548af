import { expect, it } from 'vitest'
import { isCreditCode } from './creditCode'

it('knows a right code by its check character', () => {
  expect(isCreditCode('91350100M000100Y43')).toBe(true)
})

it.each(['91350100M000100Y44', '91350100M000100Y4', '91350100m000100y43', '91350100I000100Y43', ''])('refuses %s', (code) => {
  expect(isCreditCode(code)).toBe(false)
})
