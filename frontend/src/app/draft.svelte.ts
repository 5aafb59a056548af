/** A form's draft: put on this device half a second after each change, and gone once the server has it. */
import { getDraft, listDrafts, putDraft, removeDraft, type Draft } from '../lib/drafts'
import { currentSession } from './session.svelte'

export type DraftState = 'none' | 'savedHere' | 'waiting' | 'synced' | 'saving'

const QUIET_MS = 500

function owner(): string {
  return currentSession()?.user.id ?? ''
}

export class FormDraft<T> {
  state = $state<DraftState>('none')
  #timer: ReturnType<typeof setTimeout> | undefined
  #pending: Draft | null = null
  readonly key: string

  constructor(key: string) {
    this.key = key
  }

  async restore(): Promise<{ payload: T; savedAt: string; version: number | null } | null> {
    const found = await getDraft(owner(), this.key)
    if (!found) return null
    this.state = navigator.onLine ? 'savedHere' : 'waiting'
    return { payload: found.payload as T, savedAt: found.savedAt, version: found.version }
  }

  /** Call on every change; `payload` is copied. */
  changed(title: string, payload: T, version: number | null): void {
    this.state = 'saving'
    const copy = JSON.parse(JSON.stringify(payload)) as T
    this.#pending = { key: this.key, owner: owner(), title, payload: copy, version, savedAt: new Date().toISOString() }
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.flush(), QUIET_MS)
  }

  /** Puts the last change away now, as when the page is left. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    const draft = this.#pending
    if (!draft) return
    this.#pending = null
    await putDraft(draft)
    if (!this.#pending) this.state = navigator.onLine ? 'savedHere' : 'waiting'
  }

  /** The server has it, or nobody wants it any more. */
  async discard(state: DraftState = 'none'): Promise<void> {
    clearTimeout(this.#timer)
    this.#pending = null
    await removeDraft(owner(), this.key)
    this.state = state
  }
}

export function ownDrafts(prefix: string): Promise<Draft[]> {
  return listDrafts(owner(), prefix)
}
