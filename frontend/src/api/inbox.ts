/** One's own inbox, and how one is told beside it. */
import { get, request, type Query } from './client'
import type { Notice, NoticeSetting, Page } from './types'

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

export function fetchNoticeSetting(): Promise<NoticeSetting> {
  return get('/me/notices')
}

export function chooseNotices(setting: NoticeSetting): Promise<NoticeSetting> {
  const { version, channels: _, ...body } = setting
  return request('PATCH', '/me/notices', { body, version })
}

/** Has a code sent to an address at which one wants to be told. */
export function askNoticeAddress(address: string, language: string): Promise<void> {
  return request('POST', '/me/notices/addresses', { body: { address, language } })
}

export function proveNoticeAddress(address: string, code: string): Promise<NoticeSetting> {
  return request('POST', '/me/notices/addresses/confirm', { body: { address, code } })
}

export function removeNoticeAddress(channel: string): Promise<NoticeSetting> {
  return request('POST', '/me/notices/addresses/remove', { body: { channel } })
}
