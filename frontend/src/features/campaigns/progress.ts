/** What the books say of an aim, as a bar takes it. */
import type { CampaignAim, Coverage } from '../../api/types'
import { isMoney, sizeOf, type Quantity } from '../../lib/quantity'

function like(quantity: Quantity, size: number): Quantity {
  return isMoney(quantity) ? { amount_fen: size } : { value: String(size), unit: quantity.unit }
}

/** Accepted, promised beyond that, and what is lacking: for the bar only, exact figures stand beside it. */
export function coverageOf(aim: CampaignAim): Coverage {
  const accepted = sizeOf(aim.accepted)
  const promised = Math.max(sizeOf(aim.pledged) - accepted, 0)
  const open = Math.max(sizeOf(aim.quantity) - accepted - promised, 0)
  return { bound: aim.resource_type.bound, accepted: aim.accepted, pledged: like(aim.quantity, promised), held: like(aim.quantity, 0), open: like(aim.quantity, open) }
}

/** How far a campaign runs at a day: before it, its days left, or over. */
export function runOf(window: { from: string; to: string }, today: string, days: (from: string, to: string) => number): 'before' | 'over' | number {
  if (today < window.from) return 'before'
  return today > window.to ? 'over' : days(today, window.to) + 1
}
