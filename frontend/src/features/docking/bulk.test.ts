import { expect, test } from 'vitest'
import { ApiProblem, NetworkProblem } from '../../api/problems'
import type { Proposal, Suggestion } from '../../api/types'
import { Bulk } from './bulk.svelte'

const problem = (status: number, retryAfter: number | null = null) =>
  new ApiProblem({ type: '/problems/x', title: 'x', status }, retryAfter)
const suggestion = (id: string, can = ['propose']) => ({ id, can }) as unknown as Suggestion

test('each row has its own result, and only what failed is tried again, under the same key', async () => {
  const sent: [string, string][] = []
  let open = false
  const bulk = new Bulk(async (id, _body, key) => {
    sent.push([id, key])
    if (id === 'b' && !open) throw problem(409)
    return { id: `proposal-${id}` } as Proposal
  })
  bulk.toggleAll([suggestion('a'), suggestion('b'), suggestion('c', [])])
  expect([...bulk.chosen.keys()]).toEqual(['a', 'b'])
  await bulk.start()
  expect([...bulk.sent.keys()]).toEqual(['a', 'b'])
  expect(bulk.results.get('a')).toEqual({ state: 'done', proposalId: 'proposal-a' })
  expect(bulk.results.get('b')?.state).toBe('failed')
  expect(bulk.failed).toEqual(['b'])
  open = true
  await bulk.retry()
  expect(bulk.failed).toEqual([])
  expect(bulk.done).toBe(2)
  expect(sent.map(([id]) => id)).toEqual(['a', 'b', 'b'])
  expect(sent[1]?.[1]).toBe(sent[2]?.[1])
  expect(sent[0]?.[1]).not.toBe(sent[1]?.[1])
})

test('a busy server is given the time that it asks for', async () => {
  const waits: number[] = []
  const answers = [problem(503, 7), new NetworkProblem(null)]
  const bulk = new Bulk(
    async () => {
      const next = answers.shift()
      if (next) throw next
      return { id: 'p' } as Proposal
    },
    async (seconds) => void waits.push(seconds),
  )
  bulk.toggle(suggestion('a'))
  await bulk.start()
  expect(bulk.results.get('a')?.state).toBe('done')
  expect(waits).toEqual([7, 2])
})

test('choosing all twice chooses none', () => {
  const bulk = new Bulk()
  const rows = [suggestion('a'), suggestion('b')]
  bulk.toggleAll(rows)
  bulk.toggleAll(rows)
  expect(bulk.chosen.size).toBe(0)
})
