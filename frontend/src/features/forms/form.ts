/** What the forms of needs and offers share: faults by field, the measure of a type, windows. */
import type { ResourceType } from '../../api/types'
import type { Key } from '../../lib/i18n/translate'
import type { Measure } from '../../lib/quantity'

export interface Fault {
  key: Key
  values?: Record<string, string | number>
}

/** By field, named as the server names it. */
export type Faults = Record<string, Fault>

/** The measure in which a form's figures are read: in another accepted unit three decimals are taken, the server converts. */
export function measureOf(type: ResourceType, unit: string): Measure {
  const declared = unit && unit in type.accepted_units ? unit : type.unit
  return { unit: declared, decimals: declared === type.unit ? type.decimals : 3, is_money: type.is_money }
}

export function dateFaults(from: string, to: string, today: string): Faults {
  const faults: Faults = {}
  if (!from) faults['window.from'] = { key: 'form.dateMissing' }
  if (!to) faults['window.to'] = { key: 'form.dateMissing' }
  else if (from && to < from) faults['window.to'] = { key: 'form.dateOrder' }
  else if (to < today) faults['window.to'] = { key: 'form.datePast' }
  return faults
}
