/** Offices and roles in words. */
import type { Name } from '../../lib/names'
import { named, t } from '../../app/language.svelte'

/** At which participant, over which place, or nationally. */
export function whereHeld(grant: { participant?: { name: Name } | null; place?: { name: Name } | null }): string {
  const at = grant.participant ?? grant.place
  return at ? named(at.name) : t('join.national')
}
