/** Choosing by a name that stands in a text: the words that tell namesakes apart, and whom a text means. */

export interface Nameable {
  id: string
  name: string
  /** What tells it from another of the same name, as its kind and seat. */
  more: string
}
export interface Named {
  id: string
  label: string
}

/** Each by its name; namesakes with what tells them apart. */
export function toldApart(found: Nameable[]): Named[] {
  const often = new Map<string, number>()
  for (const { name } of found) often.set(name, (often.get(name) ?? 0) + 1)
  return found.map(({ id, name, more }) => ({ id, label: (often.get(name) ?? 0) > 1 && more ? `${name} · ${more}` : name }))
}

/** The id of the one that the text means; empty where it means nobody, or more than one. */
export function meant(choices: Named[], text: string): string {
  const fitting = choices.filter((each) => each.label === text.trim())
  return fitting.length === 1 ? (fitting[0]?.id ?? '') : ''
}
