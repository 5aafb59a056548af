/** The giving places of flows, each once, in the order in which they come. */
export function giversOf<Place extends { code: string }>(flows: { giver: Place | null }[]): Place[] {
  return [...new Map(flows.flatMap(({ giver }) => (giver ? [[giver.code, giver] as const] : []))).values()]
}
