/** Standing relations of givers and places. */
import { get, type Query } from './client'
import type { Page, Pairing, PairingRow, TimelineEntry } from './types'

export function listPairings(query: Query): Promise<Page<PairingRow>> {
  return get('/pairings', query)
}

export function fetchPairing(id: string): Promise<Pairing> {
  return get(`/pairings/${id}`)
}

export function fetchTimeline(id: string, query: Query): Promise<Page<TimelineEntry>> {
  return get(`/pairings/${id}/timeline`, query)
}
