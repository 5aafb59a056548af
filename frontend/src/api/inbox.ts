/** One's own inbox. */
import { get, request, type Query } from './client'
import type { Notice, Page } from './types'

export function listInbox(query: Query): Promise<Page<Notice>> {
  return get('/me/inbox', query)
}

/** Marks some notices, or all, as read; gives how many are unread now. */
export function markRead(ids: string[] | null): Promise<{ unread: number }> {
  return request('POST', '/me/inbox/read', { body: { ids } })
}

export async function countUnread(): Promise<number> {
  return (await listInbox({ unread: true, limit: 1, with_total: true })).total ?? 0
}
