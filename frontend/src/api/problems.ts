/** What can go wrong between here and the server, as one kind of error with what the reader needs. */

export interface FieldError {
  field: string
  code: string
  text: string
}

/** A problem+json reply (RFC 9457). `type` is stable; the facts are its further members. */
export interface ProblemBody {
  type: string
  title: string
  status: number
  detail?: string
  errors?: FieldError[]
  [fact: string]: unknown
}

export class ApiProblem extends Error {
  readonly status: number
  readonly body: ProblemBody
  /** Seconds after which the server asks to try again. */
  readonly retryAfter: number | null

  constructor(body: ProblemBody, retryAfter: number | null = null) {
    super(body.detail ?? body.title)
    this.name = 'ApiProblem'
    this.status = body.status
    this.body = body
    this.retryAfter = retryAfter
  }

  /** The last part of the type, as `quantity-exceeded`. */
  get code(): string {
    return this.body.type.split('/').pop() ?? ''
  }

  /** The text per field; a field is a dotted path such as `window.to`. */
  get fields(): Record<string, string> {
    return Object.fromEntries((this.body.errors ?? []).map((error) => [error.field, error.text]))
  }
}

/** No reply came: the network is down or the server is not there. What was sent may or may not have arrived. */
export class NetworkProblem extends Error {
  constructor(cause: unknown) {
    super('no reply from the server', { cause })
    this.name = 'NetworkProblem'
  }
}

export type Problem = ApiProblem | NetworkProblem

export function isProblem(error: unknown): error is Problem {
  return error instanceof ApiProblem || error instanceof NetworkProblem
}
