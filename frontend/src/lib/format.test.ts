import { expect, it } from 'vitest'
import { daysBetween, day, moment, money, percent } from './format'

it('writes money in 万元 for Chinese readers', () => {
  expect(money('zh-CN', 50_000_000)).toBe('50万元')
  expect(money('zh-CN', 12_345_600_000_000)).toBe('1,234.56亿元')
  expect(money('zh-CN', 99_900)).toBe('999元')
  expect(money('en', 50_000_000)).toBe('CNY 500,000')
})

it('never calls an almost full share full, nor a small one nothing', () => {
  expect(percent('en', 0.999)).toBe('99%')
  expect(percent('en', 0.001)).toBe('1%')
  expect(percent('en', 1)).toBe('100%')
})

it('writes a bare date as that day', () => {
  expect(day('zh-CN', '2019-06-03')).toBe('2019年6月3日')
  expect(day('en', '2019-06-03')).toBe('3 Jun 2019')
})

it('counts days by the calendar of China', () => {
  expect(daysBetween('2019-06-03', '2019-06-10')).toBe(7)
  expect(daysBetween('2019-06-03T15:59:00Z', '2019-06-03T16:01:00Z')).toBe(1)
})

it('writes the day alone where nobody said the hour', () => {
  for (const iso of ['2019-05-20', '2019-05-19T16:00:00Z', '2019-05-20T00:00:00+08:00']) {
    expect(moment('zh-CN', iso)).toBe('2019年5月20日')
  }
  expect(moment('zh-CN', '2019-05-20T00:01:00+08:00')).toBe('2019年5月20日 00:01')
  expect(moment('en', '2019-05-20T09:30:00+08:00')).toContain('09:30')
})
