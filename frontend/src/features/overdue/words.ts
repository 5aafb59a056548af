/** A row of what is late in words: why, who has to act, the one next step. */
import type { OverdueRow } from '../../api/types'
import { day, named, quantity, t, word } from '../../app/language.svelte'

export const REASONS = [
  'late', 'unsigned', 'hold_ending', 'unanswered', 'undecided', 'disputed', 'short', 'rejected', 'unexplained', 'review', 'decision', 'term_over',
] as const
export const FILTERS = ['reason', 'place', 'pairing_id', 'head', 'resource_type']

export function because(row: OverdueRow): string {
  return word('overdue.because', row.reason, { what: quantity(row.quantity), due: day(row.due), n: row.days })
}

export function actor(row: OverdueRow): string {
  if (row.acts === 'both') return row.giver && row.county ? t('relation.pair', { giver: named(row.giver), county: named(row.county) }) : t('overdue.both')
  return named(row.acts === 'giver' ? row.giver : (row.county ?? row.place.name))
}

/** The same day a year before; of 29 February the last day of that month. */
export function yearBefore(today: string): string {
  const [year, rest] = [Number(today.slice(0, 4)) - 1, today.slice(4)]
  return `${year}${rest === '-02-29' ? '-02-28' : rest}`
}
