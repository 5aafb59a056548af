/** Work that the server does in the background. */
import { get, request } from './client'
import type { Job } from './types'

export function fetchJob(id: string): Promise<Job> {
  return get(`/jobs/${id}`)
}

export function cancelJob(id: string): Promise<Job> {
  return request('POST', `/jobs/${id}/cancel`)
}
