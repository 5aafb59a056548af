/** All texts: English sets the keys, Chinese must have the same. */
import type { Language } from '../names'
import type { english } from './en'

export type Table = Record<keyof typeof english, string>

/** One language's texts, fetched apart so that nobody downloads both. */
export async function loadTable(language: Language): Promise<Table> {
  if (language === 'en') return (await import('./en')).english
  return (await import('./zh-CN')).chinese
}
