/** Joint meetings of pairings and what they decided. */
import { act, get, request, type Query } from './client'
import type { Meeting, MeetingRow, Page } from './types'

export interface MeetingInput {
  title: string
  held_on: string
  venue: string
  level: Meeting['level']
  chair: Meeting['chair']
  chair_post: string
  agenda: string
}

export interface DecisionInput {
  what: string
  responsible: Meeting['chair']
  post: string
  due: string
}

export interface MinutesInput {
  attendance: Meeting['attendance']
  county_others: number
  giver_others: number
  minutes: string
  minutes_file_id: string | null
  decisions: DecisionInput[]
}

export function listMeetings(query: Query): Promise<Page<MeetingRow>> {
  return get('/meetings', query)
}

export function fetchMeeting(id: string): Promise<Meeting> {
  return get(`/meetings/${id}`)
}

export function callMeeting(pairingId: string, input: MeetingInput & { county_id: string; giver_id: string }, idempotencyKey: string): Promise<Meeting> {
  return request('POST', `/pairings/${pairingId}/meetings`, { body: input, idempotencyKey })
}

export function changeMeeting(meeting: { id: string; version: number }, input: MeetingInput): Promise<Meeting> {
  return request('PATCH', `/meetings/${meeting.id}`, { body: input, version: meeting.version })
}

export function recordMeeting(meeting: { id: string; version: number }, input: MinutesInput, idempotencyKey: string): Promise<Meeting> {
  return act('meetings', meeting, 'record', input, idempotencyKey)
}
