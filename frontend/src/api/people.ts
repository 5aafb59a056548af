/** Members, invitations, users and offices. */
import { get, request, type Query } from './client'
import type { Invitation, InvitationShown, Member, NewInvitation, OpenWork, Page, ResetCode, SessionRead, Substitution, UserRow } from './types'

export function listMembers(participant: string): Promise<Page<Member>> {
  return get(`/participants/${participant}/members`)
}

export function changeMember(participant: string, user: string, roles: string[]): Promise<Member> {
  return request('PUT', `/participants/${participant}/members/${user}`, { body: { roles } })
}

export function removeMember(participant: string, user: string, body: { remark: string; successor_id: string | null }): Promise<void> {
  return request('POST', `/participants/${participant}/members/${user}/remove`, { body })
}

/** What is open with a member, for the participant's administrator. */
export function fetchOpenWork(participant: string, user: string): Promise<OpenWork> {
  return get(`/participants/${participant}/members/${user}/open-work`)
}

/** How much is open with a user at each participant, for the platform's administrator. */
export function countOpenWork(user: string): Promise<Page<OpenWork>> {
  return get(`/users/${user}/open-work`)
}

export function listSubstitutions(participant: string): Promise<Page<Substitution>> {
  return get(`/participants/${participant}/substitutions`)
}

/** Where somebody stands in for oneself, or oneself for somebody. */
export function listOwnSubstitutions(): Promise<Page<Substitution>> {
  return get('/me/substitutions')
}

export interface NewSubstitution {
  person_id: string
  substitute_id: string
  from: string
  until: string
  remark: string
}

export function nameSubstitute(participant: string, body: NewSubstitution, idempotencyKey: string): Promise<Substitution> {
  return request('POST', `/participants/${participant}/substitutions`, { body, idempotencyKey })
}

export function endSubstitution(one: Substitution): Promise<Substitution> {
  return request('POST', `/participants/${one.participant.id}/substitutions/${one.id}/end`, {})
}

export function listInvitations(participant: string): Promise<Page<Invitation>> {
  return get(`/participants/${participant}/invitations`)
}

export function inviteMember(participant: string, body: { identifier: string; roles: string[] }): Promise<NewInvitation> {
  return request('POST', `/participants/${participant}/invitations`, { body })
}

export function withdrawInvitation(participant: string, id: string): Promise<void> {
  return request('DELETE', `/participants/${participant}/invitations/${id}`)
}

export function lookAtInvitation(token: string): Promise<InvitationShown> {
  return request('POST', '/invitations/look', { body: { token } })
}

export interface Acceptance {
  token: string
  name?: { zh: string; en: string }
  password?: string
  language?: string
}

export function acceptInvitation(body: Acceptance): Promise<SessionRead> {
  return request('POST', '/invitations/accept', { body })
}

export function listUsers(query: Query): Promise<Page<UserRow>> {
  return get('/users', query)
}

export function fetchUser(id: string): Promise<UserRow> {
  return get(`/users/${id}`)
}

export interface Office {
  role: string
  place_code: string | null
  participant_id?: string | null
}

export function grantOffice(user: string, office: Office): Promise<UserRow> {
  return request('POST', `/users/${user}/grants`, { body: office })
}

export function revokeOffice(user: string, grant: string): Promise<UserRow> {
  return request('POST', `/users/${user}/grants/${grant}/revoke`)
}

export function listOfficeInvitations(): Promise<Page<Invitation>> {
  return get('/users/invitations')
}

export function inviteIntoOffice(body: { identifier: string; role: string; place_code: string | null }): Promise<NewInvitation> {
  return request('POST', '/users/invitations', { body })
}

export function withdrawOfficeInvitation(id: string): Promise<void> {
  return request('DELETE', `/users/invitations/${id}`)
}

/** A code to choose another password: for anybody by the platform administrator, for a member by the participant's. */
export function issueReset(user: string, remark: string, participant?: string): Promise<ResetCode> {
  const path = participant ? `/participants/${participant}/members/${user}` : `/users/${user}`
  return request('POST', `${path}/reset-code`, { body: { remark } })
}
