/** Who takes part. */
import { get, type Query } from './client'
import type { Page, Participant, ParticipantRef } from './types'

export function listParticipants(query: Query): Promise<Page<ParticipantRef>> {
  return get('/participants', query)
}

export function fetchParticipant(id: string): Promise<Participant> {
  return get(`/participants/${id}`)
}
