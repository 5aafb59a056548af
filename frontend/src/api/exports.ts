/** Lists as workbooks or to print. */
import { addressOf, request, type Query } from './client'
import type { Export } from './types'

export type ExportedList = Export['list_name']

export function createExport(list: ExportedList, query: Query, format: 'xlsx' | 'print'): Promise<Export> {
  return request('POST', '/exports', { body: { list, query, format } })
}

/** Where the file is fetched from. */
export function exportAddress(id: string): string {
  return addressOf(`/exports/${id}/file`)
}
