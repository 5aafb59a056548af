/** The trail: who did what to which record. */
import { addressOf, get, type Query } from './client'
import type { Page, TrailEntry } from './types'

export function listTrail(query: Query): Promise<Page<TrailEntry>> {
  return get('/trail', query)
}

/** Where the same rows are fetched as a sheet. */
export function trailSheet(query: Query): string {
  return addressOf('/trail/sheet', query)
}
