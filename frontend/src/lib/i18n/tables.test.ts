import { expect, it } from 'vitest'
import { english } from './en'
import { app } from './en/app'
import { ask } from './en/ask'
import { docking } from './en/docking'
import { field } from './en/field'
import { ledger } from './en/ledger'
import { people } from './en/people'
import { promise } from './en/promise'
import { trail } from './en/trail'
import { view } from './en/view'
import { fill } from './translate'
import { chinese } from './zh-CN'

const places = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort()

it('has the same keys in both languages', () => {
  expect(Object.keys(chinese).sort()).toEqual(Object.keys(english).sort())
})

it('says no key twice: the later table would speak for the earlier one', () => {
  const keys = [app, field, ask, promise, view, docking, people, trail, ledger].flatMap((table) => Object.keys(table))
  expect(keys.filter((key, place) => keys.indexOf(key) !== place)).toEqual([])
})

it('has no empty text', () => {
  for (const [key, text] of [...Object.entries(english), ...Object.entries(chinese)]) {
    expect(text.trim(), key).not.toBe('')
  }
})

it('fills the same places in both languages', () => {
  for (const [key, text] of Object.entries(english)) {
    expect(places((chinese as Record<string, string>)[key] as string), key).toEqual(places(text))
  }
})

it('writes Chinese in Chinese characters', () => {
  const latinOnly = Object.entries(chinese).filter(([, text]) => !/[\u4e00-\u9fff]/.test(text)).map(([key]) => key)
  expect(latinOnly.sort()).toEqual(['form.errorAt', 'language.en', 'place.codeSpan', 'place.within', 'problem.at', 'proposal.title'])
})

it('chooses the singular by n', () => {
  expect(fill('{n} need|{n} needs', { n: 1 })).toBe('1 need')
  expect(fill('{n} need|{n} needs', { n: 0 })).toBe('0 needs')
})
