/** Sending one wish again while the server is busy or cannot be reached. */
import { ApiProblem, NetworkProblem } from '../api/problems'

const ATTEMPTS = 3
const PAUSE = 2

export type Wait = (seconds: number) => Promise<void>

export const sleep: Wait = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000))

/** Three attempts at most, after as long as the server asks for; what is refused is thrown at once. Send the same key each time. */
export async function patiently<T>(send: () => Promise<T>, wait: Wait): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send()
    } catch (problem) {
      const busy = problem instanceof ApiProblem && (problem.status === 503 || problem.status === 429)
      if (!(busy || problem instanceof NetworkProblem) || attempt === ATTEMPTS) throw problem
      await wait(problem instanceof ApiProblem ? (problem.retryAfter ?? PAUSE) : PAUSE)
    }
  }
}
