/** What fits a need or an offer, in one shape for both sides. */
import type { FittingNeeds, FittingOffers } from '../../api/types'
import type { Quantity } from '../../lib/quantity'
import type { Name } from '../../lib/names'

interface Partner {
  id: string
  href: string
  title: string
  who: Name
  /** The county's name and its province's, of a need. */
  where: (Name | undefined)[]
  open: Quantity
  window: { from: string; to: string }
}

export interface Fit extends Partner {
  quantity: Quantity
  score: number
  reasons: { code: string; text: string; points?: number | null }[]
}

export interface Nearly extends Partner {
  blocks: { code: string; text: string }[]
}

export interface Fits {
  kind: 'needs' | 'offers'
  items: Fit[]
  nearly: Nearly[]
  total: number
  /** Whether every partner is ranked, or the reader's own alone. */
  shown: 'all' | 'own'
}

type OfferSide = Pick<FittingOffers['items'][number], 'offer' | 'giver'>
type NeedSide = Pick<FittingNeeds['items'][number], 'need' | 'county' | 'place'>

function ofOffer({ offer, giver }: OfferSide): Partner {
  return { id: offer.id, href: `/offers/${offer.id}`, title: offer.title, who: giver.name, where: [], open: offer.open, window: offer.window }
}

function ofNeed({ need, county, place }: NeedSide): Partner {
  const where = [place.province?.name, place.name]
  return { id: need.id, href: `/needs/${need.id}`, title: need.title, who: county.name, where, open: need.open, window: need.window }
}

export function offersAsFits(reply: FittingOffers): Fits {
  return {
    kind: 'offers',
    total: reply.total,
    shown: reply.shown,
    items: reply.items.map((fit) => ({ ...ofOffer(fit), quantity: fit.quantity, score: fit.score, reasons: fit.reasons })),
    nearly: reply.nearly.map((one) => ({ ...ofOffer(one), blocks: one.blocks })),
  }
}

export function needsAsFits(reply: FittingNeeds): Fits {
  return {
    kind: 'needs',
    total: reply.total,
    shown: reply.shown,
    items: reply.items.map((fit) => ({ ...ofNeed(fit), quantity: fit.quantity, score: fit.score, reasons: fit.reasons })),
    nearly: reply.nearly.map((one) => ({ ...ofNeed(one), blocks: one.blocks })),
  }
}
