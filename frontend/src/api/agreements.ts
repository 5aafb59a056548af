/** Yearly agreements of pairings, their targets with progress, and the way of the money. */
import { act, get, request, type Query } from './client'
import type { Agreement, AgreementRow, MoneyReport, Page, TargetReport, Window } from './types'
import type { Quantity } from '../lib/quantity'

export interface TargetInput {
  resource_type?: string
  counted_by?: string
  head?: string
  title: string
  quantity: Quantity
}

export interface AgreementInput {
  window: Window
  targets: TargetInput[]
  terms: string
}

export function listAgreements(query: Query): Promise<Page<AgreementRow>> {
  return get('/agreements', query)
}

export function listAgreementsOf(pairingId: string, query: Query = {}): Promise<Page<AgreementRow>> {
  return get(`/pairings/${pairingId}/agreements`, query)
}

export function fetchAgreement(id: string): Promise<Agreement> {
  return get(`/agreements/${id}`)
}

export function draftAgreement(
  pairingId: string, input: AgreementInput & { county_id: string; giver_id: string; year: number }, idempotencyKey: string,
): Promise<Agreement> {
  return request('POST', `/pairings/${pairingId}/agreements`, { body: input, idempotencyKey })
}

export function changeAgreement(agreement: { id: string; version: number }, input: AgreementInput): Promise<Agreement> {
  return request('PATCH', `/agreements/${agreement.id}`, { body: input, version: agreement.version })
}

/** Other terms for an agreement in effect, as a new version that both sides sign. */
export function amendAgreement(agreement: { id: string; version: number }, input: AgreementInput & { note: string }, idempotencyKey: string): Promise<unknown> {
  return act('agreements', agreement, 'amend', input, idempotencyKey)
}

export function fetchTargets(query: Query): Promise<TargetReport> {
  return get('/targets', query)
}

export function fetchMoney(query: Query): Promise<MoneyReport> {
  return get('/money', query)
}
