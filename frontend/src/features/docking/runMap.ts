/** How far a run would cover each county, and what flows there, as its map and tables show it. */
import type { CountyCoverage } from '../../api/types'

/** From nothing looked at to everything covered. */
export const RUN_KINDS = ['none', 'open', 'touched', 'fulfilled'] as const
export type RunKind = (typeof RUN_KINDS)[number]

/** Coverage comes rounded to four decimals; what is short of a half of the last one is all. */
const ALL = 0.99995

export function runKindOf(county: CountyCoverage | undefined): RunKind {
  if (!county || county.needs === 0) return 'none'
  if (county.after >= ALL) return 'fulfilled'
  return county.after > 0 ? 'touched' : 'open'
}
