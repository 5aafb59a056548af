import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { configure } from './client'
import { onChange, reopen, type Change } from './stream'

vi.hoisted(() => vi.stubGlobal('document', { visibilityState: 'visible', addEventListener: () => {} }))

/** A browser's EventSource as far as the stream uses it; the test says what the server answers. */
class Source {
  static readonly CONNECTING = 0
  static readonly CLOSED = 2
  static opened: Source[] = []
  readyState = Source.CONNECTING
  onopen: (() => void) | null = null
  onerror: (() => void) | null = null

  constructor(readonly address: string) {
    Source.opened.push(this)
  }

  addEventListener(): void {}

  close(): void {
    this.readyState = Source.CLOSED
  }

  /** The server answered with something else than 200: the browser gives up. */
  refuse(): void {
    this.readyState = Source.CLOSED
    this.onerror?.()
  }
}

let heard: Change[]
let signedOut: number
let stop: () => void

function serverAnswers(status: number, headers: Record<string, string> = {}): void {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('{}', { status, headers: { 'Content-Type': 'application/json', ...headers } })))
}

function latest(): Source {
  return Source.opened[Source.opened.length - 1] as Source
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('EventSource', Source)
  Source.opened = []
  heard = []
  signedOut = 0
  configure({ onSignedOut: () => (signedOut += 1) })
  stop = onChange((change) => heard.push(change))
})

afterEach(() => {
  stop()
  vi.useRealTimers()
})

it('shows the sign-in when the session has ended, and asks no more until somebody has signed in', async () => {
  serverAnswers(401)
  latest().refuse()
  await vi.advanceTimersByTimeAsync(300_000)
  expect(signedOut).toBe(1)
  expect(Source.opened).toHaveLength(1)
  expect(heard).toEqual([])

  reopen()
  expect(Source.opened).toHaveLength(2)
  latest().onopen?.()
  expect(heard.map((change) => change.kind)).toEqual(['reset'])
})

it('tries again after a busy server, each time later, and fetches what it missed', async () => {
  serverAnswers(503)
  latest().refuse()
  await vi.advanceTimersByTimeAsync(2_100)
  expect(Source.opened).toHaveLength(2)
  latest().refuse()
  await vi.advanceTimersByTimeAsync(1_900)
  expect(Source.opened).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(2_200)
  expect(Source.opened).toHaveLength(3)
  latest().onopen?.()
  expect(heard.map((change) => change.kind)).toEqual(['reset'])
  expect(signedOut).toBe(0)
})

it('waits as long as the server asks', async () => {
  serverAnswers(503, { 'Retry-After': '20' })
  latest().refuse()
  await vi.advanceTimersByTimeAsync(19_000)
  expect(Source.opened).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(1_100)
  expect(Source.opened).toHaveLength(2)
})

it('never waits for more than a minute, and polls meanwhile', async () => {
  serverAnswers(503)
  for (let tries = 0; tries < 12; tries++) {
    latest().refuse()
    const before = Source.opened.length
    await vi.advanceTimersByTimeAsync(60_100)
    expect(Source.opened.length).toBe(before + 1)
  }
  expect(heard.some((change) => change.kind === 'poll')).toBe(true)
})

it('leaves what only broke off to the browser', async () => {
  serverAnswers(200)
  latest().onerror?.()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(Source.opened).toHaveLength(1)
})

it('lets go when nobody listens any more, also between two tries', async () => {
  serverAnswers(503)
  latest().refuse()
  await vi.advanceTimersByTimeAsync(10)
  stop()
  await vi.advanceTimersByTimeAsync(120_000)
  expect(Source.opened).toHaveLength(1)
})
