/** What givers can give. */
import { get, request, type Query } from './client'
import type { Offer, OfferRow, Page, Window } from './types'
import type { Quantity } from '../lib/quantity'

export interface OfferInput {
  participant_id?: string
  resource_type: string
  title: string
  description: string
  quantity: Quantity
  min_lot: Quantity | null
  max_receivers: number | null
  window: Window
  skills: string[]
  restriction: { kind: string; places: string[] }
}

export function listOffers(query: Query): Promise<Page<OfferRow>> {
  return get('/offers', query)
}

export function fetchOffer(id: string): Promise<Offer> {
  return get(`/offers/${id}`)
}

export function createOffer(input: OfferInput, idempotencyKey: string): Promise<Offer> {
  return request('POST', '/offers', { body: input, idempotencyKey })
}

export function changeOffer(offer: { id: string; version: number }, changes: Partial<OfferInput>): Promise<Offer> {
  return request('PATCH', `/offers/${offer.id}`, { body: changes, version: offer.version })
}
