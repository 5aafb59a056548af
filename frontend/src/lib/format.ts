/** Figures, money, dates and spans of time, written for the reader's language. Places and times are China's. */
import { isMoney, trimmed, type Quantity } from './quantity'
import type { Language } from './names'

const ZONE = 'Asia/Shanghai'
const formatters = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>()

function remembered<T extends Intl.NumberFormat | Intl.DateTimeFormat>(key: string, make: () => T): T {
  const found = formatters.get(key)
  if (found) return found as T
  const made = make()
  formatters.set(key, made)
  return made
}

/** 12345.6 → 12,345.6 */
export function figure(language: Language, value: number | string, digits = 3): string {
  return remembered(`n${language}${digits}`, () => new Intl.NumberFormat(language, { maximumFractionDigits: digits })).format(
    Number(value),
  )
}

export function percent(language: Language, share: number): string {
  const rounded = share > 0 && share < 0.01 ? 0.01 : share < 1 && share > 0.99 ? 0.99 : share
  return remembered(`p${language}`, () => new Intl.NumberFormat(language, { style: 'percent' })).format(rounded)
}

/** Money: 万元 in Chinese from ten thousand yuan on, CNY in English. */
export function money(language: Language, fen: number): string {
  const yuan = fen / 100
  if (language === 'en') return `CNY ${figure('en', yuan, 2)}`
  if (Math.abs(yuan) >= 1e8) return `${figure('zh-CN', yuan / 1e8, 4)}亿元`
  if (Math.abs(yuan) >= 1e4) return `${figure('zh-CN', yuan / 1e4, 4)}万元`
  return `${figure('zh-CN', yuan, 2)}元`
}

/** A quantity with its unit; `unitName` translates a unit's code. */
export function quantityText(
  language: Language,
  quantity: Quantity | null | undefined,
  unitName: (code: string, value: number) => string,
): string {
  if (!quantity) return '—'
  if (isMoney(quantity)) return money(language, quantity.amount_fen)
  const value = trimmed(quantity.value)
  return `${figure(language, value)} ${unitName(quantity.unit, Number(value))}`
}

function instant(iso: string): Date {
  // A bare date is a day in China, not midnight in Greenwich.
  return new Date(iso.length === 10 ? `${iso}T12:00:00+08:00` : iso)
}

export function day(language: Language, iso: string | null | undefined): string {
  if (!iso) return '—'
  return remembered(`d${language}`, () => {
    const month = language === 'en' ? 'short' : 'long'
    return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'zh-CN', { timeZone: ZONE, year: 'numeric', month, day: 'numeric' })
  }).format(instant(iso))
}

const DAY = 86_400_000
const MIDNIGHT = 16 * 3_600_000 // in Beijing, counted from midnight in Greenwich

/** A day and its hour; the day alone where nobody said the hour, which is kept as the very beginning of the day. */
export function moment(language: Language, iso: string | null | undefined): string {
  if (!iso) return '—'
  if (iso.length === 10 || instant(iso).getTime() % DAY === MIDNIGHT) return day(language, iso)
  return remembered(`m${language}`, () => {
    const month = language === 'en' ? 'short' : 'long'
    return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'zh-CN', {
      timeZone: ZONE, year: 'numeric', month, day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
    })
  }).format(instant(iso))
}

/** Several things in one line: 甲、乙 in Chinese, "a, b" in English; with a semicolon where the parts are sentences. */
export function listed(language: Language, parts: string[], mark: ',' | ';' = ','): string {
  const chinese = mark === ',' ? '、' : '；'
  return parts.join(language === 'en' ? `${mark} ` : chinese)
}

/** The hour and minute, for what stands under its day already. */
export function hour(language: Language, iso: string): string {
  return remembered(`h${language}`, () => {
    return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'zh-CN', { timeZone: ZONE, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  }).format(instant(iso))
}

/** Whole days from one ISO date or time to another; negative when `to` lies before. */
export function daysBetween(from: string, to: string): number {
  const dayOf = (iso: string) => {
    const shifted = new Date(instant(iso).getTime() + 8 * 3600_000)
    return Date.UTC(shifted.getUTCFullYear(), shifted.getUTCMonth(), shifted.getUTCDate())
  }
  return Math.round((dayOf(to) - dayOf(from)) / 86_400_000)
}
