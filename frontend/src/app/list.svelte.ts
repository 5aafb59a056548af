/** A list whose whole view stands in the address: filters, order, cursor. Changes elsewhere are counted, never pushed in. */
import { untrack } from 'svelte'
import { concerns, onChange } from '../api/stream'
import type { Query } from '../api/client'
import type { Page } from '../api/types'
import { Resource } from './resource.svelte'
import { here } from './router.svelte'

export const PAGE_SIZE = 30

export class List<T> extends Resource<Page<T>> {
  /** How many changes came in since the rows were fetched. */
  updates = $state(0)

  /** The rows again, with what changed meanwhile. */
  async refresh(): Promise<void> {
    this.updates = 0
    await this.load()
  }
}

/** The query fields of the present address that a list understands, ready for the server. */
export function queryOf(names: string[]): Query {
  const { query } = here()
  const given = Object.fromEntries(['q', 'sort', 'cursor', ...names].map((name) => [name, query.get(name)]))
  return { ...given, limit: PAGE_SIZE, with_total: true }
}

/** Whether the address is still that of the page that calls this: the next page's query is not this one's. */
function whileHere(): () => boolean {
  const path = untrack(() => here().path)
  return () => here().path === path
}

/**
 * A list for a page: fetched whenever the address changes, told of changes to records of `kinds`.
 * Call it while the component is set up.
 */
export function useList<T>(names: string[], kinds: string[], fetch: (query: Query) => Promise<Page<T>>): List<T> {
  const list = new List<T>(() => fetch(queryOf(names)))
  const stays = whileHere()
  $effect(() => {
    if (stays()) void list.refresh()
  })
  $effect(() => () => list.close())
  $effect(() =>
    onChange((change) => {
      if (concerns(change, kinds)) list.updates += 1
    }),
  )
  return list
}

/**
 * One record for a page: fetched at once and again whenever it, or a record of these kinds, changes.
 * Call it while the component is set up.
 */
export function useRecord<T>(fetch: () => Promise<T>, kinds: string[], id: () => string): Resource<T> {
  const record = new Resource<T>(fetch)
  const stays = whileHere()
  $effect(() => {
    if (stays()) void record.load()
  })
  $effect(() => () => record.close())
  $effect(() => {
    const watched = id()
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = onChange((change) => {
      // Changes come in bursts: one fetch answers them all.
      if (concerns(change, kinds, watched)) timer ??= setTimeout(() => ((timer = undefined), void record.load()), 300)
    })
    return () => {
      clearTimeout(timer)
      stop()
    }
  })
  return record
}
