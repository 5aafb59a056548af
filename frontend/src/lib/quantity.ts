/** Quantities and money as the interface carries them, read from what people type. */
import { readFigure, shift } from './numerals'

export interface Measured {
  value: string
  unit: string
}

export interface Money {
  amount_fen: number
}

export type Quantity = Measured | Money

/** What is counted, as far as reading and writing a quantity needs to know it. */
export interface Measure {
  unit: string
  decimals: number
  is_money: boolean
}

export type FigureFault = 'figure.missing' | 'figure.unreadable' | 'figure.notPositive' | 'figure.decimals' | 'figure.tooLarge'

export type FigureReading = { ok: true; quantity: Quantity } | { ok: false; fault: FigureFault }

/** 元 or 万元: what a bare figure in a money field means. */
export type MoneyUnit = 'yuan' | 'wan'

const LARGEST_DIGITS = 15

export function isMoney(quantity: Quantity): quantity is Money {
  return 'amount_fen' in quantity
}

/** The size as a plain number, for bars and shares only: never for what is sent back. */
export function sizeOf(quantity: Quantity | null | undefined): number {
  if (!quantity) return 0
  return isMoney(quantity) ? quantity.amount_fen : Number(quantity.value)
}

/** Reads a typed figure. A figure with 万 or 亿 is in yuan whatever the field's unit: 50万 is never 50万 万元. */
export function readQuantity(text: string, measure: Measure, moneyUnit: MoneyUnit = 'yuan'): FigureReading {
  if (!text.trim()) return { ok: false, fault: 'figure.missing' }
  const withoutUnit = measure.is_money ? text.replace(/[元圆]\s*$/, '').replace(/^[¥￥]/, '') : text
  const figure = readFigure(withoutUnit)
  if (!figure) return { ok: false, fault: 'figure.unreadable' }
  const inWan = measure.is_money && moneyUnit === 'wan' && !figure.scaled
  const value = inWan ? shift(figure.value, 4) : figure.value
  if (!/[1-9]/.test(value)) return { ok: false, fault: 'figure.notPositive' }
  const [whole = '', fraction = ''] = value.split('.')
  if (whole.length > LARGEST_DIGITS - (measure.is_money ? 2 : 0)) return { ok: false, fault: 'figure.tooLarge' }
  if (fraction.length > (measure.is_money ? 2 : measure.decimals)) return { ok: false, fault: 'figure.decimals' }
  if (measure.is_money) return { ok: true, quantity: { amount_fen: Number(shift(value, 2)) } }
  return { ok: true, quantity: { value, unit: measure.unit } }
}

/** The text that an input shows for a quantity already held. */
export function typedText(quantity: Quantity | null | undefined, moneyUnit: MoneyUnit = 'yuan'): string {
  if (!quantity) return ''
  if (!isMoney(quantity)) return trimmed(quantity.value)
  const digits = String(quantity.amount_fen).padStart(moneyUnit === 'wan' ? 7 : 3, '0')
  const point = digits.length - (moneyUnit === 'wan' ? 6 : 2)
  return trimmed(`${digits.slice(0, point)}.${digits.slice(point)}`)
}

/** A decimal string without trailing zeros. */
export function trimmed(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/0+$/, '').replace(/\.$/, '') : decimal
}
