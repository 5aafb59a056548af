/** Intents: what givers mean to give. They bind nobody and are counted nowhere. */
import { get, request, type Query } from './client'
import type { Intent, Page } from './types'

export function listIntents(query: Query): Promise<Page<Intent>> {
  return get('/intents', query)
}

export function stateIntent(body: unknown, idempotencyKey: string): Promise<Intent> {
  return request('POST', '/intents', { body, idempotencyKey })
}
