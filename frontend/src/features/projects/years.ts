/** The years whose plans are asked for: last year's until the one after next. */
import { businessDate } from '../../app/session.svelte'

export function planYears(): { value: string; label: string }[] {
  const now = Number(businessDate().slice(0, 4))
  return [-1, 0, 1, 2].map((ahead) => String(now + ahead)).map((year) => ({ value: year, label: year }))
}
