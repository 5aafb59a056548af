/** Names that the records carry in two languages. */

export type Language = 'zh-CN' | 'en'

export interface Name {
  zh: string
  en?: string | null
}

/** The name in the reader's language; the Chinese one where no other was given. */
export function nameIn(language: Language, name: Name | string | null | undefined): string {
  if (!name) return ''
  if (typeof name === 'string') return name
  return language === 'en' ? name.en || name.zh : name.zh
}
