/** Who takes part. */
import { act, get, request, upload, type Query } from './client'
import type { DocumentRead, FileRead, Likenesses, OfficeRegistered, Page, Participant, ParticipantRow, SessionRead } from './types'

export function listRegistered(query: Query): Promise<Page<ParticipantRow>> {
  return get('/participants', query)
}

export function fetchParticipant(id: string): Promise<Participant> {
  return get(`/participants/${id}`)
}

export function findAlike(query: { name: string; credit_code?: string }): Promise<Likenesses> {
  return get('/participants/alike', query)
}

export function register(body: unknown): Promise<SessionRead> {
  return request('POST', '/registrations', { body })
}

export function registerForOffice(body: unknown): Promise<OfficeRegistered> {
  return request('POST', '/registrations/for-office', { body })
}

export function listDocuments(participant: string): Promise<Page<DocumentRead>> {
  return get(`/participants/${participant}/documents`)
}

/** Takes a file in and puts it to the participant; the same key puts the same file once. */
export async function attachDocument(participant: { id: string; version: number }, file: Blob, document: string | null, key: string): Promise<void> {
  const taken = await upload<FileRead>('/files', file, key, () => {})
  await act('participants', participant, 'documents', { file_id: taken.id, document }, `${key}-put`)
}
