import type { Language } from './names'
import type { MoneyUnit } from './quantity'

/** Offices in China write 万元; English readers are spared the conversion. */
export function defaultMoneyUnit(language: Language): MoneyUnit {
  return language === 'en' ? 'yuan' : 'wan'
}
