/** A verb of the field as data: how its button reads, what it asks for, and what is said once the server has done it. */
import type { Key } from '../lib/i18n/translate'
import type { Measure, Quantity } from '../lib/quantity'

interface Asked {
  name: string
  label: Key
  hint?: Key
  required?: boolean
}

export type VerbField =
  | (Asked & { kind: 'text' | 'area' | 'date'; initial?: string })
  | (Asked & { kind: 'participant'; initial?: string; named?: string })
  | (Asked & { kind: 'select'; options: { value: string; label: string }[]; initial?: string })
  | (Asked & { kind: 'quantity'; measure: Measure; initial?: Quantity | null })

export interface Verb {
  /** As in the record's `can`, and the last part of its address. */
  name: string
  label: Key
  tone?: 'plain' | 'primary' | 'danger'
  /** Asked for before the verb is carried out; without fields and `confirm` one press does it. */
  fields?: VerbField[]
  confirm?: Key
  done: Key
  /** The body, where it is not simply the fields under their names; dots in names make nested objects. */
  body?: (values: Record<string, unknown>) => unknown
  /** Shown, but not by the record's own verb: carried out by this instead. */
  run?: (body: unknown, idempotencyKey: string) => Promise<unknown>
}

/** `{'window.from': x}` → `{window: {from: x}}`; what was left empty is left out. */
export function nested(values: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(values)) {
    if (value === '' || value === undefined || value === null) continue
    const [first = '', second] = name.split('.')
    if (second === undefined) result[first] = value
    else result[first] = { ...(result[first] as object | undefined), [second]: value }
  }
  return result
}
