/** One table of texts out of several. */

type Merged<Tables extends readonly object[]> = Tables extends readonly [infer First, ...infer Rest extends readonly object[]]
  ? First & Merged<Rest>
  : unknown

/** All texts of the tables, with the keys of each known to the type checker. */
export function merged<const Tables extends readonly object[]>(tables: Tables): Merged<Tables> {
  return Object.assign({}, ...tables) as Merged<Tables>
}
