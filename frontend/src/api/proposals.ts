/** One need and one offer under negotiation. */
import { get, request, type Query } from './client'
import type { DeclineList, DeclineListVersion, DeclineReason, Message, Page, Proposal, ProposalRow, Window } from './types'
import type { Quantity } from '../lib/quantity'

export interface ProposalInput {
  need_id: string
  offer_id: string
  quantity: Quantity
  window?: Window
  terms?: string
}

export function listProposals(query: Query): Promise<Page<ProposalRow>> {
  return get('/proposals', query)
}

export function fetchProposal(id: string): Promise<Proposal> {
  return get(`/proposals/${id}`)
}

export function propose(input: ProposalInput, idempotencyKey: string): Promise<Proposal> {
  return request('POST', '/proposals', { body: input, idempotencyKey })
}

export function listMessages(id: string): Promise<Message[]> {
  return get(`/proposals/${id}/messages`)
}

export function sendMessage(id: string, text: string, fileIds: string[], idempotencyKey: string): Promise<Message> {
  return request('POST', `/proposals/${id}/messages`, { body: { text, file_ids: fileIds }, idempotencyKey })
}

/** Notes that the reader has seen the thread up to now. */
export function markRead(id: string): Promise<Proposal> {
  return request('POST', `/proposals/${id}/read`, {})
}

export function fetchDeclineList(): Promise<DeclineList> {
  return get('/settings/declines')
}

export function setDeclineList(body: unknown, version: number, idempotencyKey: string): Promise<DeclineList> {
  return request('POST', '/settings/declines', { body, version, idempotencyKey })
}

export function listDeclineLists(query: Query): Promise<Page<DeclineListVersion>> {
  return get('/settings/declines/versions', query)
}

/** The coded reasons with which a proposal can be declined today. */
export function listDeclineReasons(): Promise<DeclineReason[]> {
  return get('/proposals/decline-codes')
}
