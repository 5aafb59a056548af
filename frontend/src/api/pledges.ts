/** Signed promises, and what is sent against them. */
import { act, get, request, type Query } from './client'
import type { Delivery, DeliveryRow, Page, Pledge, PledgeCalendar, PledgeCalendarVersion, PledgeDeliveries, PledgeRow, PledgeSum } from './types'
import type { Quantity } from '../lib/quantity'

export interface DeliveryInput {
  pledge_id: string
  declared: Quantity
  client_ref: string
  voucher?: string
  note?: string
  at?: string
  sent?: boolean
}

export function listPledges(query: Query): Promise<Page<PledgeRow>> {
  return get('/pledges', query)
}

export function fetchPledge(id: string): Promise<Pledge> {
  return get(`/pledges/${id}`)
}

export function setInstalments(
  pledge: { id: string; version: number },
  instalments: { due: string; quantity: Quantity }[],
): Promise<Pledge> {
  return request('PATCH', `/pledges/${pledge.id}/instalments`, { body: { instalments }, version: pledge.version })
}

/** Puts other parts before both sides for their signatures. */
export function amendInstalments(
  pledge: { id: string; version: number },
  instalments: { due: string; quantity: Quantity }[],
  note: string,
  idempotencyKey: string,
): Promise<Pledge> {
  return act('pledges', pledge, 'amend', { instalments, note }, idempotencyKey)
}

/** Pledges in force added up by who gives, receives, pays or brought in; each counted once. */
export function sumPledges(by: string): Promise<PledgeSum[]> {
  return get('/pledges/sums', { by })
}

export function fetchDeliveriesOf(pledgeId: string): Promise<PledgeDeliveries> {
  return get(`/pledges/${pledgeId}/deliveries`)
}

export function listDeliveries(query: Query): Promise<Page<DeliveryRow>> {
  return get('/deliveries', query)
}

export function fetchDelivery(id: string): Promise<Delivery> {
  return get(`/deliveries/${id}`)
}

export interface StageInput {
  kind: string
  at?: string
  voucher?: string
  note: string
  figures: Record<string, string>
  checks?: { item: number; ok: boolean; remark: string }[]
}

export function recordStage(deliveryId: string, input: StageInput, idempotencyKey: string): Promise<Delivery> {
  return request('POST', `/deliveries/${deliveryId}/stages`, { body: input, idempotencyKey })
}

/** Puts a file that was uploaded to the evidence of a delivery. */
export function addEvidence(
  deliveryId: string,
  input: { file_id: string; kind: string; caption: string },
  idempotencyKey: string,
): Promise<Delivery> {
  return request('POST', `/deliveries/${deliveryId}/evidence`, { body: input, idempotencyKey })
}

export function send(input: DeliveryInput, idempotencyKey: string): Promise<Delivery> {
  return request('POST', '/deliveries', { body: input, idempotencyKey })
}

/** The calendar of urging and checks in force. */
export function fetchCalendar(): Promise<PledgeCalendar> {
  return get('/settings/calendar')
}

export function setCalendar(body: unknown, version: number, idempotencyKey: string): Promise<PledgeCalendar> {
  return request('POST', '/settings/calendar', { body, version, idempotencyKey })
}

export function listCalendars(query: Query): Promise<Page<PledgeCalendarVersion>> {
  return get('/settings/calendar/versions', query)
}
