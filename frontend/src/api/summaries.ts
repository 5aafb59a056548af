/** Year-end material of pairings. */
import { get, request, type Query } from './client'
import type { Page, Summary, SummaryRow } from './types'

export function listSummaries(query: Query): Promise<Page<SummaryRow>> {
  return get('/summaries', query)
}

export function fetchSummary(id: string): Promise<Summary> {
  return get(`/summaries/${id}`)
}

export function beginSummary(
  pairingId: string, input: { county_id: string; giver_id: string; year: number; side: Summary['side'] }, idempotencyKey: string,
): Promise<Summary> {
  return request('POST', `/pairings/${pairingId}/summaries`, { body: input, idempotencyKey })
}

export function changeSummary(summary: { id: string; version: number }, body: string): Promise<Summary> {
  return request('PATCH', `/summaries/${summary.id}`, { body: { body }, version: summary.version })
}
