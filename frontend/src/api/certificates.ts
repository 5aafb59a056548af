/** Certificates of what was accepted, and donation receipts. */
import { get, request } from './client'
import type { Certificate, Papers } from './types'

export function fetchCertificate(number: string): Promise<Certificate> {
  return get(`/certificates/${encodeURIComponent(number)}`)
}

export function fetchPapers(deliveryId: string): Promise<Papers> {
  return get(`/deliveries/${deliveryId}/papers`)
}

export function issueCertificate(deliveryId: string): Promise<Papers> {
  return request('POST', `/deliveries/${deliveryId}/certificate`, { body: {} })
}

export function recordReceipt(deliveryId: string, body: { number: string; charity_id?: string }): Promise<Papers> {
  return request('PUT', `/deliveries/${deliveryId}/receipt`, { body })
}
