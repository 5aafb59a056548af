/** Sheets, between the office's workbook and the books. */
import { act, addressOf, get, queryString, request, upload, type Query } from './client'
import type { ImportRead, ImportRow, Page, SheetMissing, SheetRow } from './types'

export type SheetKind = 'needs' | 'offers' | 'projects' | 'pledges' | 'deliveries'
export type Side = 'sheet' | 'books'

export function listImports(query: Query): Promise<Page<ImportRow>> {
  return get('/imports', query)
}

export function fetchImport(id: string): Promise<ImportRead> {
  return get(`/imports/${id}`)
}

/** Uploads a workbook; whichever type the browser takes it for, the server looks at its bytes. */
export function uploadSheet(file: File, query: Query, key: string, progress: (share: number) => void): Promise<ImportRead> {
  const body = new Blob([file], { type: 'application/octet-stream' })
  return upload(`/imports${queryString(query)}`, body, key, progress)
}

export function pasteSheet(body: { kind: SheetKind; participant_id?: string; text: string }, idempotencyKey: string): Promise<ImportRead> {
  return request('POST', '/imports/pasted', { body, idempotencyKey })
}

export function checkSheet(sheet: ImportRead, body: { mapping: Record<string, number>; constants: Record<string, string>; complete: boolean }): Promise<ImportRead> {
  return act('imports', sheet, 'check', body)
}

export function acceptSuggestions(sheet: ImportRead): Promise<ImportRead> {
  return request('POST', `/imports/${sheet.id}/accept-suggestions`, { version: sheet.version })
}

export function settleSheet(sheet: ImportRead, take: Side): Promise<ImportRead> {
  return request('POST', `/imports/${sheet.id}/settle`, { body: { take } })
}

export function writeSheet(sheet: ImportRead): Promise<ImportRead> {
  return request('POST', `/imports/${sheet.id}/write`, { version: sheet.version })
}

export function listSheetRows(id: string, query: Query): Promise<Page<SheetRow>> {
  return get(`/imports/${id}/rows`, query)
}

export function mendRow(id: string, row: string, body: { cells?: Record<string, string>; take?: Side }): Promise<SheetRow> {
  return request('POST', `/imports/${id}/rows/${row}/mend`, { body })
}

export function listMissing(id: string): Promise<Page<SheetMissing>> {
  return get(`/imports/${id}/missing`)
}

/** Where a workbook is fetched from, for links. */
export function workbookAddress(id: string, rows: 'bad' | 'all'): string {
  return addressOf(`/imports/${id}/workbook`, { rows })
}

export function templateAddress(kind: SheetKind, participantId: string | undefined): string {
  return addressOf(`/imports/templates/${kind}`, { participant_id: participantId })
}
