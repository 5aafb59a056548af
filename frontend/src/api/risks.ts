/** Risk flags of participants. */
import { get, request, upload } from './client'
import type { FileRead, Page, Risk } from './types'

export function listRisks(participant: string): Promise<Page<Risk>> {
  return get(`/participants/${participant}/risks`)
}

/** Sets a flag, with its evidence where there is one. */
export async function setRisk(participant: string, reason: string, evidence: Blob | undefined, key: string): Promise<Page<Risk>> {
  const file = evidence && (await upload<FileRead>('/files', evidence, `${key}-file`, () => {}))
  return request('POST', `/participants/${participant}/risks`, { body: { reason, file_id: file?.id ?? null }, idempotencyKey: key })
}

export function liftRisk(participant: string, id: string, remark: string): Promise<Page<Risk>> {
  return request('POST', `/participants/${participant}/risks/${id}/lift`, { body: { remark } })
}
