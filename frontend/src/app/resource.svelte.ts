/** Something fetched for a page: what is here, whether more is under way, and what went wrong. */

export class Resource<T> {
  data = $state.raw<T | undefined>(undefined)
  problem = $state.raw<unknown>(undefined)
  loading = $state(false)
  #latest = 0
  #closed = false
  readonly #fetch: () => Promise<T>

  constructor(fetch: () => Promise<T>) {
    this.#fetch = fetch
  }

  /** Fetches anew; what is shown stays until the reply is here, and a late reply of an older call is dropped. */
  async load(): Promise<void> {
    if (this.#closed) return
    const turn = ++this.#latest
    this.loading = true
    try {
      const data = await this.#fetch()
      if (turn !== this.#latest) return
      this.data = data
      this.problem = undefined
    } catch (error) {
      if (turn !== this.#latest) return
      this.problem = error
    }
    this.loading = false
  }

  /** The page that shows it is gone: nothing is fetched any more, and what still comes is dropped. */
  close(): void {
    this.#latest += 1
    this.#closed = true
  }
}
