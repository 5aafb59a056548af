/** Urging one or many pledges, one after the other: a result for each row, and those that failed again. */
import { newKey } from '../../api/client'
import { urgePledge } from '../../api/reports'
import type { OverdueRow } from '../../api/types'
import { patiently, sleep, type Wait } from '../../app/patience'

export type Result = { state: 'waiting' } | { state: 'done' } | { state: 'failed'; problem: unknown }
export type Urgeable = OverdueRow & { urge: NonNullable<OverdueRow['urge']> }

type Urge = (target: Urgeable['urge'], key: string) => Promise<unknown>

export function urgeable(row: OverdueRow): row is Urgeable {
  return row.urge !== null
}

export class Urging {
  /** Pledges by id: one that stands in the list twice is urged once. */
  chosen = $state.raw<ReadonlyMap<string, Urgeable['urge']>>(new Map())
  results = $state.raw<ReadonlyMap<string, Result>>(new Map())
  busy = $state(false)
  #sent = new Map<string, { target: Urgeable['urge']; key: string }>()
  readonly #urge: Urge
  readonly #wait: Wait

  constructor(urge: Urge = urgePledge, wait: Wait = sleep) {
    this.#urge = urge
    this.#wait = wait
  }

  get failed(): string[] {
    return [...this.results].filter(([, result]) => result.state === 'failed').map(([id]) => id)
  }

  get done(): number {
    return [...this.results.values()].filter((result) => result.state === 'done').length
  }

  has(row: OverdueRow): boolean {
    return row.urge !== null && this.chosen.has(row.urge.pledge_id)
  }

  resultOf(row: OverdueRow): Result | undefined {
    return row.urge ? this.results.get(row.urge.pledge_id) : undefined
  }

  toggle(row: Urgeable): void {
    const next = new Map(this.chosen)
    if (!next.delete(row.urge.pledge_id)) next.set(row.urge.pledge_id, row.urge)
    this.chosen = next
  }

  /** All of these, or none of them where all are chosen already. */
  toggleAll(rows: Urgeable[]): void {
    const all = rows.every((row) => this.has(row))
    this.chosen = new Map(all ? [] : rows.map((row) => [row.urge.pledge_id, row.urge]))
  }

  one(row: Urgeable): Promise<void> {
    return this.#run([row.urge])
  }

  start(): Promise<void> {
    return this.#run([...this.chosen.values()])
  }

  /** What failed again, with the versions that the list shows now. */
  retry(rows: OverdueRow[]): Promise<void> {
    const now = new Map(rows.filter(urgeable).map((row) => [row.urge.pledge_id, row.urge]))
    return this.#run(this.failed.flatMap((id) => now.get(id) ?? this.#sent.get(id)?.target ?? []))
  }

  async #run(targets: Urgeable['urge'][]): Promise<void> {
    if (this.busy) return
    this.busy = true
    this.chosen = new Map()
    for (const target of targets) this.#note(target.pledge_id, { state: 'waiting' })
    for (const target of targets) this.#note(target.pledge_id, await this.#send(target))
    this.busy = false
  }

  async #send(target: Urgeable['urge']): Promise<Result> {
    const before = this.#sent.get(target.pledge_id)
    // A wish that failed keeps its key, so that it is done once at most, whatever was lost on the way.
    const again = this.results.get(target.pledge_id)?.state !== 'done' && before?.target.version === target.version
    const key = again && before ? before.key : newKey()
    this.#sent.set(target.pledge_id, { target, key })
    try {
      await patiently(() => this.#urge(target, key), this.#wait)
    } catch (problem) {
      return { state: 'failed', problem }
    }
    this.#sent.delete(target.pledge_id)
    return { state: 'done' }
  }

  #note(id: string, result: Result): void {
    this.results = new Map(this.results).set(id, result)
  }
}
