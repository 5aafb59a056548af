/** A form's draft: on this device half a second after each change, on the server two seconds later, gone once it is a record. */
import { discardDraft, fetchDraft, keepDraft, listKeptDrafts } from '../api/drafts'
import { isProblem, NetworkProblem } from '../api/problems'
import { here, reconcile, type Remote } from '../lib/draftSync'
import { getDraft, listDrafts, putDraft, removeDraft, type Draft } from '../lib/drafts'
import { currentSession } from './session.svelte'

export type DraftState = 'none' | 'saving' | 'savedHere' | 'waiting' | 'synced' | 'conflict'

const QUIET_MS = 500
const SYNC_MS = 2_000
const AGAIN_MS = 30_000

function owner(): string {
  return currentSession()?.user.id ?? ''
}

/** The server's answer, or undefined where it was not reached or would not say: then this device's draft counts. */
async function asked<T>(question: Promise<T>): Promise<T | undefined> {
  try {
    return await question
  } catch (problem) {
    if (isProblem(problem)) return undefined
    throw problem
  }
}

export class FormDraft<T> {
  state = $state<DraftState>('none')
  /** The server's, where this form was changed on another device too: a person decides. */
  other = $state.raw<Remote | null>(null)
  #timer: ReturnType<typeof setTimeout> | undefined
  #syncing: ReturnType<typeof setTimeout> | undefined
  #pending: Draft | null = null
  #gone = false
  readonly key: string

  constructor(key: string) {
    this.key = key
  }

  async restore(): Promise<{ payload: T; savedAt: string; version: number | null } | null> {
    const [local, remote] = await Promise.all([getDraft(owner(), this.key), asked(fetchDraft(this.key))])
    const { use, other, forget } = reconcile(owner(), this.key, local, remote)
    if (forget) await removeDraft(owner(), this.key)
    if (!use) return null
    if (use !== local) await putDraft(use)
    this.other = other
    if (other) this.state = 'conflict'
    else if (use.synced) this.state = 'synced'
    else {
      this.state = navigator.onLine ? 'savedHere' : 'waiting'
      this.#sync(0)
    }
    return { payload: use.payload as T, savedAt: use.savedAt, version: use.version }
  }

  /** Call on every change; `payload` is copied. */
  changed(title: string, payload: T, version: number | null): void {
    if (!this.other) this.state = 'saving'
    const copy = JSON.parse(JSON.stringify(payload)) as T
    this.#pending = { key: this.key, owner: owner(), title, payload: copy, version, savedAt: new Date().toISOString() }
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#put(), QUIET_MS)
  }

  /** Puts the last change away now, as when the page is left. */
  async flush(): Promise<void> {
    await this.#put()
    if (this.#syncing) this.#sync(0)
  }

  async #put(): Promise<void> {
    clearTimeout(this.#timer)
    const draft = this.#pending
    if (!draft) return
    this.#pending = null
    const before = await getDraft(owner(), this.key)
    await putDraft({ ...draft, revision: before?.revision, synced: false })
    if (this.other) return
    if (!this.#pending) this.state = navigator.onLine ? 'savedHere' : 'waiting'
    this.#sync(SYNC_MS)
  }

  #sync(after: number): void {
    clearTimeout(this.#syncing)
    this.#syncing = setTimeout(() => {
      this.#syncing = undefined
      void this.#send()
    }, after)
  }

  async #send(): Promise<void> {
    const draft = await getDraft(owner(), this.key)
    if (!draft || draft.synced || this.#gone) return
    try {
      const reply = await keepDraft(draft)
      if (this.#gone) return
      if ('other' in reply) {
        this.other = reply.other
        this.state = 'conflict'
      } else await this.#kept(draft, reply.revision)
    } catch (problem) {
      if (!isProblem(problem)) throw problem
      // What the server refuses stays on this device; what did not reach it is sent again.
      const again = problem instanceof NetworkProblem || problem.status === 503
      this.state = again ? 'waiting' : 'savedHere'
      if (again) this.#sync(AGAIN_MS)
    }
  }

  async #kept(sent: Draft, revision: number): Promise<void> {
    const now = await getDraft(owner(), this.key)
    if (!now) return
    const synced = now.savedAt === sent.savedAt
    await putDraft({ ...now, revision, synced })
    if (synced && !this.#pending) this.state = 'synced'
  }

  /** Of two that differ, this one: it is kept over the other. */
  async keepThis(): Promise<void> {
    const other = this.other
    const draft = await getDraft(owner(), this.key)
    if (!other || !draft) return
    await putDraft({ ...draft, revision: other.revision, synced: false })
    this.other = null
    this.state = 'savedHere'
    this.#sync(0)
  }

  /** Of two that differ, the other one; the form begins anew with it. */
  async takeOther(): Promise<void> {
    if (!this.other) return
    clearTimeout(this.#timer)
    this.#pending = null
    await putDraft(here(owner(), this.key, this.other))
    window.location.reload()
  }

  /** The server has it as a record, or nobody wants it any more. */
  async discard(state: DraftState = 'none'): Promise<void> {
    clearTimeout(this.#timer)
    clearTimeout(this.#syncing)
    this.#pending = null
    this.#gone = true
    this.other = null
    await removeDraft(owner(), this.key)
    await asked(discardDraft(this.key))
    this.state = state
  }
}

/** One's own drafts, from this device and from the server, the newest first. */
export async function ownDrafts(prefix: string): Promise<Pick<Draft, 'key' | 'title' | 'savedAt'>[]> {
  const [local, kept] = await Promise.all([listDrafts(owner(), prefix), asked(listKeptDrafts(prefix))])
  const unsent = local.filter((draft) => !draft.synced || !kept)
  const shown = new Set(unsent.map((draft) => draft.key))
  const found = [...unsent, ...(kept ?? []).filter((draft) => !shown.has(draft.key))]
  return found.sort((one, other) => other.savedAt.localeCompare(one.savedAt))
}
