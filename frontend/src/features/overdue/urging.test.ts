import { describe, expect, it } from 'vitest'
import type { OverdueRow } from '../../api/types'
import { Urging, type Urgeable } from './urging.svelte'

function row(id: string, pledge: string, version = 1): Urgeable {
  return { id, urge: { pledge_id: pledge, version } } as Urgeable
}

describe('urging many', () => {
  it('urges a pledge that stands in the list twice once, and goes on after a failure', async () => {
    const asked: string[] = []
    const urging = new Urging(async ({ pledge_id }) => {
      asked.push(pledge_id)
      if (pledge_id === 'b') throw new Error('412')
    })
    urging.toggleAll([row('1', 'a'), row('2', 'a'), row('3', 'b'), row('4', 'c')])
    await urging.start()
    expect(asked).toEqual(['a', 'b', 'c'])
    expect([urging.done, urging.failed]).toEqual([2, ['b']])
    expect(urging.chosen.size).toBe(0)
  })

  it('keeps the key of what failed and takes a new one for another version', async () => {
    const keys: string[] = []
    const urging = new Urging(async (_, key) => {
      keys.push(key)
      if (keys.length < 3) throw new Error('offline')
    })
    await urging.one(row('1', 'a'))
    await urging.retry([row('1', 'a')])
    await urging.retry([row('1', 'a', 2)] as OverdueRow[])
    expect(keys[1]).toBe(keys[0])
    expect(keys[2]).not.toBe(keys[0])
    expect(urging.failed).toEqual([])
  })
})
