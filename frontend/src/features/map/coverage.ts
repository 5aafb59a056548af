/** How far each county's needs are covered, as the map and its table show it. */
import type { CoverageReport, CoverageRow } from '../../api/types'
import type { DotKind } from '../../ui/DotMap.svelte'

export type Kind = DotKind

/** From nothing known to everything accepted. */
export const KINDS: Kind[] = ['none', 'open', 'touched', 'covered', 'fulfilled']

export function coverageByCounty(report: CoverageReport): Map<string, CoverageRow> {
  return new Map(report.rows.flatMap((row) => (row.place ? [[row.place.code, row]] : [])))
}

/** A county without a published need is not a county without needs: nothing is known of it. */
export function kindOf(row: CoverageRow | undefined): Kind {
  if (!row || row.needs === 0) return 'none'
  if (row.fulfilled === row.needs) return 'fulfilled'
  if (row.covered === row.needs) return 'covered'
  return row.touched > 0 ? 'touched' : 'open'
}
