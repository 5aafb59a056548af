/** The only place that calls `fetch`: cookie, CSRF header, language, idempotency, ETag, and errors as `Problem`. */
import { ApiProblem, NetworkProblem, type ProblemBody } from './problems'

const BASE = '/api/v1'
const SAFE = new Set(['GET', 'HEAD'])

export type Query = Record<string, string | number | boolean | string[] | null | undefined>

export interface RequestOptions {
  query?: Query
  body?: unknown
  /** The version of the record that the caller saw; the change is refused when it is no longer that. */
  version?: number
  /** The same key for the same wish: sending it twice does it once. */
  idempotencyKey?: string
  signal?: AbortSignal
}

interface Settings {
  csrfToken: string | null
  language: () => string
  onSignedOut: () => void
}

const settings: Settings = { csrfToken: null, language: () => 'zh-CN', onSignedOut: () => {} }

export function configure(changes: Partial<Settings>): void {
  Object.assign(settings, changes)
}

/** A random key; `crypto.randomUUID` is missing in the oldest browsers and on plain http. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function queryString(query: Query = {}): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === '') continue
    for (const one of Array.isArray(value) ? value : [value]) parameters.append(name, String(one))
  }
  const text = parameters.toString()
  return text ? `?${text}` : ''
}

function headersFor(method: string, options: RequestOptions): Headers {
  const headers = new Headers({ Accept: 'application/json', 'Accept-Language': settings.language() })
  if (options.body !== undefined) headers.set('Content-Type', 'application/json')
  if (options.version !== undefined) headers.set('If-Match', `"${options.version}"`)
  if (options.idempotencyKey) headers.set('Idempotency-Key', options.idempotencyKey)
  if (!SAFE.has(method) && settings.csrfToken) headers.set('X-CSRF-Token', settings.csrfToken)
  return headers
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const fallback: ProblemBody = { type: 'about:blank', title: `HTTP ${response.status}`, status: response.status }
  const isJson = (response.headers.get('Content-Type') ?? '').includes('json')
  const body = isJson ? ((await response.json()) as Partial<ProblemBody>) : {}
  return new ApiProblem({ ...fallback, ...body }, Number(response.headers.get('Retry-After')) || null)
}

/**
 * Sends one request and gives the reply's body.
 * @throws ApiProblem the server refused; NetworkProblem no reply came.
 */
export async function request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
  let response: Response
  try {
    response = await fetch(BASE + path + queryString(options.query), {
      method,
      headers: headersFor(method, options),
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      credentials: 'same-origin',
      signal: options.signal,
    })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new NetworkProblem(error)
  }
  if (!response.ok) {
    if (response.status === 401 && path !== '/session') settings.onSignedOut()
    throw await problemOf(response)
  }
  if (response.status === 204) return undefined as T
  return (await response.json()) as T
}

/**
 * Sends a file as the body of a POST and tells how much of it is sent, 0 to 1, which `fetch` cannot.
 * @throws ApiProblem the server refused; NetworkProblem no reply came.
 */
export function upload<T>(path: string, file: Blob, idempotencyKey: string, progress: (share: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest()
    call.open('POST', BASE + path)
    headersFor('POST', { idempotencyKey }).forEach((value, name) => call.setRequestHeader(name, value))
    call.setRequestHeader('Content-Type', file.type)
    call.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total)
    call.onerror = () => reject(new NetworkProblem(call.statusText))
    call.onload = () => {
      const reply = new Response(call.responseText, { status: call.status, headers: { 'Content-Type': call.getResponseHeader('Content-Type') ?? '' } })
      if (call.status === 401) settings.onSignedOut()
      if (reply.ok) reply.json().then(resolve as (body: unknown) => void, reject)
      else problemOf(reply).then(reject, reject)
    }
    call.send(file)
  })
}

/** Where a file's contents are, for links and pictures. */
export function fileAddress(id: string, form: 'whole' | 'thumbnail' = 'whole'): string {
  return `${BASE}/files/${id}${form === 'thumbnail' ? '?form=thumbnail' : ''}`
}

/** The address of a reply that the browser itself fetches, such as a sheet to keep. */
export function addressOf(path: string, query?: Query): string {
  return BASE + path + queryString(query)
}

export function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return request<T>('GET', path, { query, signal })
}

/** A verb of the field on a record, as `sign` on a pledge; `accept_short` stands in `can`, `accept-short` in the address. */
export function act<T>(
  collection: string,
  record: { id: string; version: number },
  verb: string,
  body: unknown = {},
  idempotencyKey?: string,
): Promise<T> {
  return request<T>('POST', `/${collection}/${record.id}/${verb.replace('_', '-')}`, { body, version: record.version, idempotencyKey })
}
