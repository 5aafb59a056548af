import { expect, it } from 'vitest'
import { english, tables as englishTables } from './en'
import { fill } from './translate'
import { chinese, tables as chineseTables } from './zh-CN'

const places = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort()

it('has the same keys in both languages', () => {
  expect(Object.keys(chinese).sort()).toEqual(Object.keys(english).sort())
})

it.each([['en', englishTables], ['zh-CN', chineseTables]])('says no key twice in %s: the later table would speak for the earlier one', (_, tables) => {
  const keys = tables.flatMap((table) => Object.keys(table))
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

it('writes Chinese in Chinese characters, but for names that are Latin everywhere', () => {
  const words = (text: string) => text.replace(/\{\w+\}/g, '')
  const latinOnly = Object.entries(chinese).filter(([, text]) => /[a-z]/i.test(words(text)) && !/[\u4e00-\u9fff]/.test(text))
  expect(latinOnly.map(([key]) => key).sort()).toEqual(['certificate.hash', 'language.en'])
})

it('chooses the singular by n', () => {
  expect(fill('{n} need|{n} needs', { n: 1 })).toBe('1 need')
  expect(fill('{n} need|{n} needs', { n: 0 })).toBe('0 needs')
})

it('has a singular wherever English counts things by n', () => {
  const plain = Object.entries(english).filter(([, text]) => /(?<!evision )\{n\} \w+s\b/.test(text) && !text.includes('|')).map(([key]) => key)
  expect(plain).toEqual([])
})
