/** What the form of each kind of participant asks for beyond name, code and seat, and what of it is sent. */
import type { Participant } from '../../api/types'

export type Details = NonNullable<Participant['details']>
export type DetailName = keyof Details

/** In the order of the form; the server refuses what is not asked of a kind. */
export const ASKED: Record<string, DetailName[]> = {
  enterprise: ['legal_representative', 'business'],
  social_organisation: ['organisation', 'public_fundraising'],
  citizen: [],
  eastern_partner: ['order_document', 'responsible_office'],
  western_government: ['order_document', 'responsible_office'],
  designated_unit: ['order_document', 'responsible_office'],
  line_department: ['order_document', 'heads'],
  armed_forces_unit: ['order_document', 'conditions'],
  democratic_party: ['order_document', 'committee'],
  coordinating_office: ['order_document', 'mandate'],
  supervisor: ['order_document', 'mandate'],
}

export function emptyDetails(): Details {
  return {
    legal_representative: '', business: '', organisation: null, public_fundraising: false, order_document: '', responsible_office: '',
    heads: [], conditions: '', committee: null, mandate: '',
  }
}

/** Those of the details that a kind is asked for. */
export function detailsFor(kind: string, details: Details): Partial<Details> {
  return Object.fromEntries((ASKED[kind] ?? []).map((name) => [name, tidy(details[name])]))
}

function tidy(value: unknown): unknown {
  return typeof value === 'string' ? value.trim() : value
}
