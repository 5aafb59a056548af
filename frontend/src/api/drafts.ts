/** One's own drafts on the server. */
import { get, request } from './client'
import { ApiProblem } from './problems'
import type { Draft as Kept, DraftRow, Page } from './types'
import { localKey, remoteKey, type Remote } from '../lib/draftSync'
import type { Draft } from '../lib/drafts'

function read(kept: Kept): Remote {
  const { title, payload, record_version: version, revision, changed_at: savedAt } = kept
  return { title, payload, version, revision, savedAt }
}

/** The draft with this key, or null where the server has none; asked by the list, since a form that begins has none yet. */
export async function fetchDraft(key: string): Promise<Remote | null> {
  const name = remoteKey(key)
  const page = await get<Page<DraftRow>>('/me/drafts', { prefix: name })
  return page.items.some((row) => row.key === name) ? read(await get<Kept>(`/me/drafts/${name}`)) : null
}

/** Keeps a draft over the revision that this device last had; gives the server's instead where it was changed elsewhere. */
export async function keepDraft(draft: Draft): Promise<{ revision: number } | { other: Remote }> {
  const { title, payload, version, revision } = draft
  const body = { title, payload, record_version: version, revision: revision ?? 0 }
  try {
    return await request<Kept>('PUT', `/me/drafts/${remoteKey(draft.key)}`, { body })
  } catch (problem) {
    if (problem instanceof ApiProblem && problem.code === 'draft-changed') return { other: read(problem.body.draft as Kept) }
    throw problem
  }
}

export function discardDraft(key: string): Promise<void> {
  return request('DELETE', `/me/drafts/${remoteKey(key)}`)
}

/** The drafts whose key begins so, the last changed first. */
export async function listKeptDrafts(prefix: string): Promise<{ key: string; title: string; savedAt: string }[]> {
  const page = await get<Page<DraftRow>>('/me/drafts', { prefix: remoteKey(prefix), limit: 200 })
  return page.items.map((row) => ({ key: localKey(row.key), title: row.title, savedAt: row.changed_at }))
}
