/** Giving by a public link, without an account. */
import { get, request } from './client'
import type { Committed, OpenCampaign, OpenNeed, SessionRead } from './types'

export function fetchOpenNeed(id: string): Promise<OpenNeed> {
  return get(`/open-needs/${id}`)
}

export function fetchOpenCampaign(id: string): Promise<OpenCampaign> {
  return get(`/open-campaigns/${id}`)
}

export function askCode(email: string, purpose: 'commit' | 'look' = 'commit'): Promise<void> {
  return request('POST', '/commitments/codes', { body: { email, purpose } })
}

/** Enters an account without a password by the code sent to its address. */
export function enterByCode(email: string, code: string): Promise<SessionRead> {
  return request('POST', '/commitments/session', { body: { email, code } })
}

export function commit(body: unknown): Promise<Committed> {
  return request('POST', '/commitments', { body })
}
