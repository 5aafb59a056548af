/** The reader's language: the current texts as state, and everything that is written with them. */
import * as format from '../lib/format'
import { loadTable, type Table } from '../lib/i18n/tables'
import { fill, lookUp, type Key, type Values } from '../lib/i18n/translate'
import { nameIn, type Language, type Name } from '../lib/names'
import type { Quantity } from '../lib/quantity'

const STORED = 'jiedui.language'

let language = $state<Language>(preferred())
let table = $state.raw<Table>({} as Table)

function preferred(): Language {
  const stored = localStorage.getItem(STORED)
  if (stored === 'en' || stored === 'zh-CN') return stored
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}

export function currentLanguage(): Language {
  return language
}

/** Switches the texts once they are here; rejects when they cannot be fetched, and nothing changes then. */
export async function useLanguage(next: Language): Promise<void> {
  table = await loadTable(next)
  language = next
  document.documentElement.lang = next
  localStorage.setItem(STORED, next)
}

export function t(key: Key, values?: Values): string {
  return fill(table[key] ?? key, values)
}

/** The text for a code that the server sent, or the code itself where this client does not know it yet. */
export function word(group: string, code: string | null | undefined, values?: Values): string {
  if (!code) return '—'
  return lookUp(table, `${group}.${code}`, values) ?? code
}

export function named(name: Name | string | null | undefined): string {
  return nameIn(language, name)
}

function unitName(code: string, value: number): string {
  return word('unit', code, { n: value })
}

export function quantity(value: Quantity | null | undefined): string {
  return format.quantityText(language, value, unitName)
}

export function day(iso: string | null | undefined): string {
  return format.day(language, iso)
}

export function moment(iso: string | null | undefined): string {
  return format.moment(language, iso)
}

export function hour(iso: string): string {
  return format.hour(language, iso)
}

export function figure(value: number | string, digits?: number): string {
  return format.figure(language, value, digits)
}

export function percent(share: number): string {
  return format.percent(language, share)
}

export function listed(parts: string[], mark?: ',' | ';'): string {
  return format.listed(language, parts, mark)
}

/** A span of days, either end of which may be open. */
export function span(window: { from?: string | null; to?: string | null } | null | undefined): string {
  if (!window || (!window.from && !window.to)) return '—'
  if (!window.to) return t('span.open', { from: day(window.from) })
  return t('span', { from: day(window.from), to: day(window.to) })
}
