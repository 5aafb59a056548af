import { expect, it } from 'vitest'
import { readQuantity, typedText } from './quantity'

const kilometres = { unit: 'km', decimals: 1, is_money: false }
const funds = { unit: 'fen', decimals: 0, is_money: true }

it('reads a length in its unit', () => {
  expect(readQuantity('12.5', kilometres)).toEqual({ ok: true, quantity: { value: '12.5', unit: 'km' } })
})

it('refuses more decimals than the type has', () => {
  expect(readQuantity('12.55', kilometres)).toEqual({ ok: false, fault: 'figure.decimals' })
})

it('refuses nothing and zero', () => {
  expect(readQuantity(' ', kilometres)).toEqual({ ok: false, fault: 'figure.missing' })
  expect(readQuantity('0.0', kilometres)).toEqual({ ok: false, fault: 'figure.notPositive' })
})

it.each([
  ['50', 'wan', 50_000_000],
  ['50万', 'wan', 50_000_000],
  ['五十万元', 'yuan', 50_000_000],
  ['1234.56', 'yuan', 123_456],
  ['￥8000', 'yuan', 800_000],
] as const)('reads %s in %s as fen', (text, unit, fen) => {
  expect(readQuantity(text, funds, unit)).toEqual({ ok: true, quantity: { amount_fen: fen } })
})

it('shows held money again in the unit of the field', () => {
  expect(typedText({ amount_fen: 50_000_000 }, 'wan')).toBe('50')
  expect(typedText({ amount_fen: 123_456 }, 'yuan')).toBe('1234.56')
  expect(typedText({ amount_fen: 5 }, 'yuan')).toBe('0.05')
  expect(typedText({ value: '12.500', unit: 'km' })).toBe('12.5')
})
