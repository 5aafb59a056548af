/** What to do with a draft that is on this device, on the server, or on both. */
import type { Draft } from './drafts'

/** A draft as the server has it. */
export interface Remote {
  title: string
  payload: unknown
  version: number | null
  revision: number
  savedAt: string
}

export interface Verdict {
  /** What the form shows. */
  use: Draft | null
  /** The server's, where both were changed since they were the same: a person decides. */
  other: Remote | null
  /** It was saved as a record, or thrown away, on another device: it must not come back here. */
  forget: boolean
}

/** The server's draft as it is put on this device. */
export function here(owner: string, key: string, remote: Remote): Draft {
  const { title, payload, version, revision, savedAt } = remote
  return { key, owner, title, payload, version, savedAt, revision, synced: true }
}

/** Two drafts of the same form; `remote` is undefined where the server was not reached. */
export function reconcile(owner: string, key: string, local: Draft | null, remote: Remote | null | undefined): Verdict {
  if (remote === undefined) return { use: local, other: null, forget: false }
  if (!local) return { use: remote && here(owner, key, remote), other: null, forget: false }
  if (!remote) return local.synced ? { use: null, other: null, forget: true } : { use: local, other: null, forget: false }
  if (remote.revision === (local.revision ?? 0)) return { use: local, other: null, forget: false }
  if (local.synced) return { use: here(owner, key, remote), other: null, forget: false }
  return { use: local, other: remote, forget: false }
}

/** `need/new/3f2a` as the server names it. */
export function remoteKey(key: string): string {
  return key.replaceAll('/', '.')
}

export function localKey(key: string): string {
  return key.replaceAll('.', '/')
}
