/** Seconded cadres and professionals of pairings. */
import { get, request, type Query } from './client'
import type { Page, Secondment, Window } from './types'

export interface SecondmentInput {
  name?: string
  kind: Secondment['kind']
  field_of_work: string
  post: string
  sending_office: string
  receiving_office: string
  term: Window
}

export function listSecondments(query: Query): Promise<Page<Secondment>> {
  return get('/secondments', query)
}

export function fetchSecondment(id: string): Promise<Secondment> {
  return get(`/secondments/${id}`)
}

export function selectSecondment(
  pairingId: string, input: SecondmentInput & { county_id: string; giver_id: string; direction: Secondment['direction'] }, idempotencyKey: string,
): Promise<Secondment> {
  return request('POST', `/pairings/${pairingId}/secondments`, { body: input, idempotencyKey })
}

export function changeSecondment(secondment: { id: string; version: number }, input: SecondmentInput): Promise<Secondment> {
  return request('PATCH', `/secondments/${secondment.id}`, { body: input, version: secondment.version })
}
