/** The live stream: it says that something changed, and whoever shows it fetches again. Polling where it does not work. */

import { ApiProblem, isProblem } from './problems'
import { fetchMe } from './session'

export interface Change {
  /** As `pledge.signed`; `reset` and `poll` say only that anything may have changed. */
  kind: string
  /** The kind of record that changed, as `pledge`. */
  record: string | null
  id: string | null
}

type Listener = (change: Change) => void

const ADDRESS = '/api/v1/stream'
const POLL_SECONDS = 30
const FAILURES_BEFORE_POLLING = 3
const HIDDEN_SECONDS = 60
const LONGEST_WAIT_SECONDS = 60

const listeners = new Set<Listener>()
let source: EventSource | null = null
let failures = 0
let missed = false
let poll: ReturnType<typeof setInterval> | null = null
let hide: ReturnType<typeof setTimeout> | null = null
let again: ReturnType<typeof setTimeout> | null = null

function tell(change: Change): void {
  for (const listener of [...listeners]) listener(change)
}

function startPolling(): void {
  poll ??= setInterval(() => {
    if (document.visibilityState === 'visible') tell({ kind: 'poll', record: null, id: null })
  }, POLL_SECONDS * 1000)
}

function stopPolling(): void {
  if (poll) clearInterval(poll)
  poll = null
}

function open(): void {
  if (again) clearTimeout(again)
  again = null
  if (source || listeners.size === 0) return
  source = new EventSource(ADDRESS)
  source.onopen = () => {
    failures = 0
    stopPolling()
    if (missed) tell({ kind: 'reset', record: null, id: null })
    missed = false
  }
  source.onerror = () => {
    failures += 1
    if (source?.readyState === EventSource.CLOSED) void refused()
    else if (failures >= FAILURES_BEFORE_POLLING) startPolling()
  }
  source.addEventListener('change', (event) => tell(JSON.parse((event as MessageEvent<string>).data) as Change))
  source.addEventListener('reset', () => tell({ kind: 'reset', record: null, id: null }))
}

/** Seconds until the next try: twice as long each time, and not the same for everybody. */
function wait(asked: number | null): number {
  const longest = Math.min(LONGEST_WAIT_SECONDS, 2 ** failures)
  return Math.max(asked ?? 0, longest / 2 + (Math.random() * longest) / 2)
}

/**
 * A browser gives up for good on an answer other than 200, and does not say which it was: so the server is asked.
 * Whoever is signed out is shown the sign-in by that; otherwise the stream is tried again.
 */
async function refused(): Promise<void> {
  close()
  missed = true
  startPolling()
  let asked: number | null = null
  try {
    await fetchMe()
  } catch (problem) {
    if (!isProblem(problem)) throw problem
    if (problem instanceof ApiProblem && problem.status === 401) return stopPolling()
    asked = problem instanceof ApiProblem ? problem.retryAfter : null
  }
  again ??= setTimeout(open, wait(asked) * 1000)
}

/** Somebody has signed in: what the stream refused before it gives now. */
export function reopen(): void {
  failures = 0
  open()
}

function close(): void {
  source?.close()
  source = null
  if (again) clearTimeout(again)
  again = null
}

/** A tab in the background lets go of its connection, of which a browser has few. */
function onVisibility(): void {
  if (document.visibilityState === 'hidden') {
    hide = setTimeout(close, HIDDEN_SECONDS * 1000)
    return
  }
  if (hide) clearTimeout(hide)
  if (!source && listeners.size > 0) {
    open()
    tell({ kind: 'reset', record: null, id: null })
  }
}

document.addEventListener('visibilitychange', onVisibility)

/** Calls back on every change that the reader may see, until the returned function is called. */
export function onChange(listener: Listener): () => void {
  listeners.add(listener)
  open()
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) {
      close()
      stopPolling()
    }
  }
}

/** Whether a change may concern records of these kinds, as `need`, or the record with this id. */
export function concerns(change: Change, kinds: string[], id?: string): boolean {
  if (change.kind === 'reset' || change.kind === 'poll') return true
  if (id && change.id === id) return true
  return change.record !== null && kinds.includes(change.record)
}
