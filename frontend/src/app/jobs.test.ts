import { expect, it } from 'vitest'
import type { Job } from '../api/types'
import { followed } from './jobs'

const states = (...names: string[]) => {
  const left = names.map((status) => ({ status }) as Job)
  return async () => left.shift() as Job
}
const atOnce = async () => {}

it('tells each state and gives the last one', async () => {
  const told: string[] = []
  const last = await followed('x', (job) => told.push(job.status), () => true, states('queued', 'running', 'failed', 'done'), atOnce)
  expect(told).toEqual(['queued', 'running', 'failed'])
  expect(last?.status).toBe('failed')
})

it('asks no more, and tells nothing, once nobody waits for it', async () => {
  const told: string[] = []
  let waits = true
  const last = await followed('x', (job) => (told.push(job.status), (waits = false)), () => waits, states('running', 'done'), atOnce)
  expect(told).toEqual(['running'])
  expect(last).toBeNull()
})
