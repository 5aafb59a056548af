import { describe, expect, it } from 'vitest'
import { readFigure, shift } from './numerals'

describe('readFigure', () => {
  it.each([
    ['12.5', '12.5'],
    ['1,200', '1200'],
    ['１２００', '1200'],
    ['1.2万', '12000'],
    ['五十万', '500000'],
    ['两千三百', '2300'],
    ['十二', '12'],
    ['一百零五', '105'],
    ['3亿', '300000000'],
    ['二亿三千万', '230000000'],
    ['.5', '0.5'],
    ['0.00012万', '1.2'],
  ])('reads %s as %s', (text, value) => expect(readFigure(text)?.value).toBe(value))

  it.each(['', '五十多', '12km', '1.2.3', '十百', '一二', '-5', 'abc'])('refuses %s', (text) => {
    expect(readFigure(text)).toBeNull()
  })

  it('says that a figure carried a myriad sign', () => {
    expect(readFigure('50万')?.scaled).toBe(true)
    expect(readFigure('50')?.scaled).toBe(false)
  })
})

it('shifts the point without rounding', () => {
  expect(shift('0.1', 2)).toBe('10')
  expect(shift('12345.678', 4)).toBe('123456780')
  expect(shift('0.001', 2)).toBe('0.1')
})
