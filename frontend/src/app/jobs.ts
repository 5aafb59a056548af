/** Following a job of the server until it is over. */
import { fetchJob } from '../api/jobs'
import type { Job } from '../api/types'

const EVERY = 700

type Fetch = (id: string) => Promise<Job>
type Wait = () => Promise<void>

/** The time between two questions. */
export const pause: Wait = () => new Promise((done) => setTimeout(done, EVERY))

export function isOver(job: Job): boolean {
  return job.status !== 'queued' && job.status !== 'running'
}

/** Asks for the job again and again, tells each state, and gives the last one; nothing once `stays` says no. */
export async function followed(id: string, told: (job: Job) => void, stays = () => true, fetch: Fetch = fetchJob, wait: Wait = pause): Promise<Job | null> {
  while (stays()) {
    const job = await fetch(id)
    if (!stays()) break
    told(job)
    if (isOver(job)) return job
    await wait()
  }
  return null
}
