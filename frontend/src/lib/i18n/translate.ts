/** Looking up and filling in the texts of one language. */
import type { Table } from './tables'

export type Key = keyof Table
export type Values = Record<string, string | number | null | undefined>

/**
 * Fills `{name}` places. A text may carry an English singular before a bar,
 * "{n} need|{n} needs", chosen by the value `n`.
 */
export function fill(text: string, values: Values = {}): string {
  const forms = text.split('|')
  const form = forms.length > 1 && Number(values.n) !== 1 ? (forms[1] as string) : (forms[0] as string)
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

/** The text, or undefined where the table has no such key: for codes that come from the server. */
export function lookUp(table: Table, key: string, values?: Values): string | undefined {
  const text = (table as Record<string, string>)[key]
  return text === undefined ? undefined : fill(text, values)
}
