/** The form of an offer as it is typed, what is wrong with it, and what is sent. */
import type { OfferInput } from '../../api/offers'
import type { Offer, ResourceType } from '../../api/types'
import { readQuantity, sizeOf, typedText, type MoneyUnit } from '../../lib/quantity'
import { countOf, isWhole, separated } from '../../lib/typed'
import { dateFaults, measureOf, type Faults } from '../forms/form'

export interface OfferForm {
  participantId: string
  typeCode: string
  title: string
  description: string
  amount: string
  unit: string
  moneyUnit: MoneyUnit
  minLot: string
  maxReceivers: string
  from: string
  to: string
  skills: string
  restriction: string
  places: { code: string; name: string }[]
}

export function emptyOffer(moneyUnit: MoneyUnit, today: string): OfferForm {
  return {
    participantId: '', typeCode: '', title: '', description: '', amount: '', unit: '', moneyUnit, minLot: '', maxReceivers: '',
    from: today, to: '', skills: '', restriction: 'none', places: [],
  }
}

export function formOf(offer: Offer, moneyUnit: MoneyUnit, nameOf: (place: Offer['restriction']['places'][number]) => string): OfferForm {
  return {
    participantId: offer.participant.id, typeCode: offer.resource_type.code, title: offer.title, description: offer.description,
    amount: typedText(offer.quantity, moneyUnit), unit: offer.resource_type.unit, moneyUnit, minLot: typedText(offer.min_lot, moneyUnit),
    maxReceivers: offer.max_receivers?.toString() ?? '', from: offer.window.from, to: offer.window.to, skills: offer.skills.join('，'),
    restriction: offer.restriction.kind, places: offer.restriction.places.map((place) => ({ code: place.code, name: nameOf(place) })),
  }
}

/** A type whose reach is the pairing leaves no choice. */
export function restrictionOf(form: OfferForm, type: ResourceType | undefined): string {
  return type?.reach === 'pairing' ? 'paired' : form.restriction
}

export function faultsOf(form: OfferForm, type: ResourceType | undefined, today: string): Faults {
  const faults: Faults = {}
  if (!form.title.trim()) faults.title = { key: 'form.titleMissing' }
  if (!type) faults.resource_type = { key: 'form.typeMissing' }
  else Object.assign(faults, figureFaults(form, type))
  Object.assign(faults, dateFaults(form.from, form.to, today))
  if (form.maxReceivers.trim() && !isWhole(form.maxReceivers, 1)) faults.max_receivers = { key: 'form.sourcesBad' }
  if (restrictionOf(form, type) === 'places' && form.places.length === 0) faults['restriction.places'] = { key: 'form.placesMissing' }
  return faults
}

function figureFaults(form: OfferForm, type: ResourceType): Faults {
  const measure = measureOf(type, form.unit)
  const faults: Faults = {}
  const whole = readQuantity(form.amount, measure, form.moneyUnit)
  if (!whole.ok) faults.quantity = { key: whole.fault, values: { text: form.amount, decimals: measure.decimals } }
  if (!form.minLot.trim()) return faults
  const lot = readQuantity(form.minLot, measure, form.moneyUnit)
  if (!lot.ok) faults.min_lot = { key: lot.fault, values: { text: form.minLot, decimals: measure.decimals } }
  else if (whole.ok && sizeOf(lot.quantity) > sizeOf(whole.quantity)) faults.min_lot = { key: 'form.minTooLarge' }
  return faults
}

/** What is sent; call it only for a form without faults. */
export function offerInput(form: OfferForm, type: ResourceType): OfferInput {
  const measure = measureOf(type, form.unit)
  const whole = readQuantity(form.amount, measure, form.moneyUnit)
  const lot = readQuantity(form.minLot, measure, form.moneyUnit)
  if (!whole.ok) throw new Error(`not a quantity: ${form.amount}`)
  const restriction = restrictionOf(form, type)
  return {
    resource_type: form.typeCode,
    title: form.title.trim(),
    description: form.description.trim(),
    quantity: whole.quantity,
    min_lot: lot.ok ? lot.quantity : null,
    max_receivers: countOf(form.maxReceivers),
    window: { from: form.from, to: form.to },
    skills: type.head === 'talent' ? separated(form.skills) : [],
    restriction: { kind: restriction, places: restriction === 'places' ? form.places.map((place) => place.code) : [] },
  }
}

/** What is typed so far, as far as it can be read: for what it would fit. Null without a type. */
export function offerSoFar(form: OfferForm, type: ResourceType | undefined): Record<string, unknown> | null {
  if (!type) return null
  const measure = measureOf(type, form.unit)
  const whole = readQuantity(form.amount, measure, form.moneyUnit)
  const lot = readQuantity(form.minLot, measure, form.moneyUnit)
  const restriction = restrictionOf(form, type)
  return {
    participant_id: form.participantId || undefined,
    resource_type: type.code,
    quantity: whole.ok ? whole.quantity : undefined,
    min_lot: lot.ok ? lot.quantity : undefined,
    max_receivers: isWhole(form.maxReceivers, 1) ? Number(form.maxReceivers) : undefined,
    window: { from: form.from || undefined, to: form.to || undefined },
    skills: type.head === 'talent' ? separated(form.skills) : [],
    restriction: { kind: restriction, places: restriction === 'places' ? form.places.map((place) => place.code) : [] },
  }
}
