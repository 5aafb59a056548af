/** The view of the ledger that stands in the address, and the words for it. */
import type { Query } from '../../api/client'
import { day, t } from '../../app/language.svelte'
import { here } from '../../app/router.svelte'
import { businessDate } from '../../app/session.svelte'

export const BOUNDARIES = ['nation', 'province', 'prefecture', 'county', 'pairing', 'head'] as const
export const FILTERS = ['as_of', 'year', 'place', 'pairing_id', 'head', 'resource_type']

/** The boundary below one: where its rows lead to. */
export const BELOW: Record<string, string> = { province: 'prefecture', prefecture: 'county' }

export function filters(): Query {
  return Object.fromEntries(FILTERS.map((name) => [name, here().query.get(name)]))
}

export function span(): Query {
  return { as_of: here().query.get('as_of'), year: here().query.get('year') }
}

/** As of when, and which year: said on the page and on paper. */
export function spanInWords(): string[] {
  const year = here().query.get('year')
  return [t('ledger.asOfLine', { day: day(here().query.get('as_of') ?? businessDate()) }), ...(year ? [t('ledger.yearLine', { year })] : [])]
}

/** The years that can be chosen: from the first measures on to the business year. */
export function years(): { value: string; label: string }[] {
  const FIRST = 2016
  const last = Number(businessDate().slice(0, 4))
  return Array.from({ length: last - FIRST + 1 }, (_, index) => String(last - index)).map((year) => ({ value: year, label: year }))
}
