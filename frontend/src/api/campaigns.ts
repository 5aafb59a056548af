/** Campaigns. */
import { get, request, type Query } from './client'
import type { Campaign, CampaignRow, Page, Window } from './types'
import type { Quantity } from '../lib/quantity'

export interface CampaignInput {
  organiser_id?: string
  host_id?: string
  charity_id: string | null
  title: string
  description: string
  conditions: string
  villages: string[]
  window: Window
  aims: { resource_type: string; quantity: Quantity }[]
}

export function listCampaigns(query: Query): Promise<Page<CampaignRow>> {
  return get('/campaigns', query)
}

export function fetchCampaign(id: string): Promise<Campaign> {
  return get(`/campaigns/${id}`)
}

export function createCampaign(input: CampaignInput, idempotencyKey: string): Promise<Campaign> {
  return request('POST', '/campaigns', { body: input, idempotencyKey })
}

export function changeCampaign(campaign: { id: string; version: number }, changes: Partial<CampaignInput>): Promise<Campaign> {
  return request('PATCH', `/campaigns/${campaign.id}`, { body: changes, version: campaign.version })
}
