import { expect, it } from 'vitest'
import { localKey, reconcile, remoteKey, type Remote } from './draftSync'
import type { Draft } from './drafts'

const local: Draft = { key: 'need/new/1', owner: 'me', title: 'here', payload: { a: 1 }, version: null, savedAt: '2019-06-03T01:00:00Z', revision: 2, synced: false }
const remote: Remote = { title: 'there', payload: { a: 2 }, version: null, revision: 3, savedAt: '2019-06-03T02:00:00Z' }
const decide = (mine: Draft | null, theirs: Remote | null | undefined) => reconcile('me', 'need/new/1', mine, theirs)

it('shows what is here while the server is not reached', () => {
  expect(decide(local, undefined)).toEqual({ use: local, other: null, forget: false })
  expect(decide(null, undefined)).toEqual({ use: null, other: null, forget: false })
})

it('brings over what was typed on another device', () => {
  expect(decide(null, remote).use).toMatchObject({ key: 'need/new/1', owner: 'me', title: 'there', revision: 3, synced: true })
})

it('takes the later one where only the other device typed', () => {
  expect(decide({ ...local, synced: true }, remote)).toMatchObject({ use: { title: 'there' }, other: null })
})

it('keeps what is here where only this device typed', () => {
  expect(decide(local, { ...remote, revision: 2 })).toEqual({ use: local, other: null, forget: false })
  expect(decide(local, null)).toEqual({ use: local, other: null, forget: false })
})

it('shows both where both were changed', () => {
  expect(decide(local, remote)).toEqual({ use: local, other: remote, forget: false })
})

it('forgets what was saved or thrown away on another device', () => {
  expect(decide({ ...local, synced: true }, null)).toEqual({ use: null, other: null, forget: true })
})

it('reads drafts that were kept before there was a server for them', () => {
  const old: Draft = { key: local.key, owner: local.owner, title: local.title, payload: local.payload, version: null, savedAt: local.savedAt }
  expect(decide(old, null).use).toBe(old)
  expect(decide(old, remote).other).toBe(remote)
})

it('names a draft the same way on both sides', () => {
  expect(localKey(remoteKey('need/new/3f2a'))).toBe('need/new/3f2a')
})
