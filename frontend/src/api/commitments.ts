/** Giving by a public link, without an account. */
import { get, request } from './client'
import type { Committed, OpenNeed } from './types'

export function fetchOpenNeed(id: string): Promise<OpenNeed> {
  return get(`/open-needs/${id}`)
}

export function askCode(email: string): Promise<void> {
  return request('POST', '/commitments/codes', { body: { email } })
}

export function commit(body: unknown): Promise<Committed> {
  return request('POST', '/commitments', { body })
}
