/** Taking up many suggestions, one after the other: a result for each, and those that failed again. */
import { proposeSuggestion } from '../../api/docking'
import { newKey } from '../../api/client'
import type { Proposal, Suggestion } from '../../api/types'
import { patiently, sleep, type Wait } from '../../app/patience'

export type Result = { state: 'waiting' } | { state: 'done'; proposalId: string } | { state: 'failed'; problem: unknown }

type Propose = (id: string, body: unknown, key: string) => Promise<Proposal>

export class Bulk {
  chosen = $state.raw<ReadonlyMap<string, Suggestion>>(new Map())
  /** What was sent, in that order: a list that is shown again may not hold it any more. */
  sent = $state.raw<ReadonlyMap<string, Suggestion>>(new Map())
  results = $state.raw<ReadonlyMap<string, Result>>(new Map())
  busy = $state(false)
  /** A wish keeps its key through every retry, so that it is done once at most. */
  readonly #keys = new Map<string, string>()
  readonly #propose: Propose
  readonly #wait: Wait

  constructor(propose: Propose = proposeSuggestion, wait: Wait = sleep) {
    this.#propose = propose
    this.#wait = wait
  }

  get failed(): string[] {
    return [...this.results].filter(([, result]) => result.state === 'failed').map(([id]) => id)
  }

  get done(): number {
    return [...this.results.values()].filter((result) => result.state === 'done').length
  }

  toggle(suggestion: Suggestion): void {
    const next = new Map(this.chosen)
    if (!next.delete(suggestion.id)) next.set(suggestion.id, suggestion)
    this.chosen = next
  }

  /** All of these, or none of them where all are chosen already. */
  toggleAll(suggestions: Suggestion[]): void {
    const open = suggestions.filter((one) => one.can.includes('propose'))
    const all = open.every((one) => this.chosen.has(one.id))
    this.chosen = all ? new Map() : new Map([...this.chosen, ...open.map((one) => [one.id, one] as const)])
  }

  start(): Promise<void> {
    this.sent = new Map([...this.sent, ...this.chosen])
    return this.#run([...this.chosen.keys()])
  }

  retry(): Promise<void> {
    return this.#run(this.failed)
  }

  async #run(ids: string[]): Promise<void> {
    if (this.busy) return
    this.busy = true
    this.chosen = new Map()
    for (const id of ids) this.#note(id, { state: 'waiting' })
    for (const id of ids) this.#note(id, await this.#one(id))
    this.busy = false
  }

  async #one(id: string): Promise<Result> {
    const key = this.#keys.get(id) ?? newKey()
    this.#keys.set(id, key)
    try {
      return { state: 'done', proposalId: (await patiently(() => this.#propose(id, {}, key), this.#wait)).id }
    } catch (problem) {
      return { state: 'failed', problem }
    }
  }

  #note(id: string, result: Result): void {
    this.results = new Map(this.results).set(id, result)
  }
}
