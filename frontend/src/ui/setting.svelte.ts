/** What an office sets in versions, as a page keeps it: what is in force, every version, and how a new one is saved. */
import { ApiProblem } from '../api/problems'
import type { Page } from '../api/types'
import { wishKeys } from '../app/keys'
import { Resource } from '../app/resource.svelte'
import { say } from './notices.svelte'

export interface InForce {
  version: number
  can: string[]
}

/** What every version says of itself. */
export interface Kept {
  version: number
  remark: string
  set_by: { zh: string; en: string } | null
  set_at: string | null
}

export class Setting<Current extends InForce, Version> {
  readonly current: Resource<Current>
  readonly versions: Resource<Page<Version>>
  remark = $state('')
  /** Somebody tried to save: from now on what is missing is said. */
  attempted = $state(false)
  busy = $state(false)
  problem = $state<unknown>()
  readonly #send: (body: unknown, version: number, key: string) => Promise<Current>
  readonly #loaded: (current: Current) => void
  readonly #keyFor = wishKeys()

  constructor(
    fetch: () => Promise<Current>,
    list: (query: { limit: number }) => Promise<Page<Version>>,
    send: (body: unknown, version: number, key: string) => Promise<Current>,
    loaded: (current: Current) => void,
  ) {
    this.current = new Resource(fetch)
    this.versions = new Resource(() => list({ limit: 20 }))
    this.#send = send
    this.#loaded = loaded
  }

  get may(): boolean {
    return this.current.data?.can.includes('set') ?? false
  }

  get stale(): boolean {
    return this.problem instanceof ApiProblem && this.problem.status === 412
  }

  load = async (): Promise<void> => {
    await Promise.all([this.current.load(), this.versions.load()])
    if (this.current.data) this.#loaded(this.current.data)
  }

  /** Sends what was set with its reason, unless one of them is missing; whether it is complete the page says. */
  async save(complete: boolean, set: () => object, saved: string): Promise<void> {
    this.attempted = true
    this.problem = undefined
    if (!this.current.data || this.busy || !complete || !this.remark.trim()) return
    this.busy = true
    try {
      const body = { ...set(), remark: this.remark.trim() }
      await this.#send(body, this.current.data.version, this.#keyFor([this.current.data.version, body]))
      say(saved)
      this.remark = ''
      this.attempted = false
      await this.load()
    } catch (error) {
      this.problem = error
      if (this.stale) await this.current.load()
    }
    this.busy = false
  }
}
