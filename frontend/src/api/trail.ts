/** The trail: who did what to which record. */
import { addressOf, get, type Query } from './client'
import type { AloneRow, Page, TrailEntry } from './types'

export function listTrail(query: Query): Promise<Page<TrailEntry>> {
  return get('/trail', query)
}

/** Where the same rows are fetched as a sheet. */
/** What was done by one person where two are asked for. */
export function listAlone(query: Query): Promise<Page<AloneRow>> {
  return get('/acted-alone', query)
}

export function trailSheet(query: Query): string {
  return addressOf('/trail/sheet', query)
}
