/** What counties ask for. */
import { get, request, type Query } from './client'
import type { Need, NeedRow, Page, Window } from './types'
import type { Quantity } from '../lib/quantity'

export interface NeedInput {
  participant_id?: string
  project_id?: string | null
  department_id?: string | null
  place_code: string
  resource_type: string
  title: string
  description: string
  quantity: Quantity
  min_part: Quantity | null
  max_sources: number
  window: Window
  priority: number
  skills: string[]
  beneficiaries: { households: number | null; persons: number | null }
  villages: string[]
  necessity: string
}

export function listNeeds(query: Query): Promise<Page<NeedRow>> {
  return get('/needs', query)
}

export function fetchNeed(id: string): Promise<Need> {
  return get(`/needs/${id}`)
}

export function createNeed(input: NeedInput, idempotencyKey: string): Promise<Need> {
  return request('POST', '/needs', { body: input, idempotencyKey })
}

export function changeNeed(need: { id: string; version: number }, changes: Partial<NeedInput>): Promise<Need> {
  return request('PATCH', `/needs/${need.id}`, { body: changes, version: need.version })
}
