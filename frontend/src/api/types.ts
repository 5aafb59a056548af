/** The records of the interface, as the pages read them. */
import type { Name } from '../lib/names'
import type { Measure, Quantity } from '../lib/quantity'

export interface Page<T> {
  items: T[]
  next: string | null
  total: number | null
}

export interface Rec {
  id: string
  version: number
  status: string
  created_at: string
  can: string[]
}

export interface Window {
  from: string
  to: string
}

export interface Grant {
  role: string
  participant?: { id: string; name: Name; kind: string } | null
  place_code?: string | null
}

export interface User {
  id: string
  identifier: string
  name: Name
  language: 'zh-CN' | 'en'
  theme: 'light' | 'dark' | 'system'
}

export interface Session {
  csrf_token: string
  user: User
  grants: Grant[]
  business_date: string
  demo: boolean
}

export interface Me extends User {
  version: number
}

export interface OwnSession {
  id: string
  created_at: string
  last_seen_at: string
  user_agent: string
  current: boolean
}

export interface PlaceRef {
  code: string
  name: Name
}

export interface County extends PlaceRef {
  province: PlaceRef
}

export interface PartyRef {
  id: string
  name: Name
  kind?: string
}

export interface ResourceType extends Measure {
  code: string
  head: string
  name: Name
  bound: 'cap' | 'floor'
  reach: 'pairing' | 'open'
  checklist: string[]
}

export interface Coverage {
  held: Quantity
  pledged: Quantity
  accepted: Quantity
  open: Quantity
}

export interface Need extends Rec {
  place: County
  participant: PartyRef
  resource_type: ResourceType
  title: string
  description: string
  quantity: Quantity
  min_part?: Quantity | null
  max_sources: number
  window: Window
  priority: number
  skills: string[]
  beneficiaries: { households: number | null; persons: number | null }
  villages: string[]
  necessity: string
  remark?: string | null
  published_at?: string | null
  coverage: Coverage
}

export interface Offer extends Rec {
  participant: PartyRef
  resource_type: ResourceType
  title: string
  description: string
  quantity: Quantity
  min_lot?: Quantity | null
  max_receivers: number
  window: Window
  skills: string[]
  restriction: { kind: 'none' | 'paired' | 'places'; places: PlaceRef[] }
  published_at?: string | null
  coverage: Coverage
}

export interface DockingRun extends Rec {
  snapshot_at: string | null
  finished_at?: string | null
  progress: number
  totals: { value: number; bound: number; gap: number; covered: number; suggestions: number; unmet: number } | null
  stages: { name: string; seconds: number }[]
}

export interface Reason {
  code: string
  text: string
  points?: number
  shortfall?: string | null
}

export interface Suggestion extends Rec {
  run_id: string
  need: RecordRef
  offer: RecordRef
  county: PartyRef
  giver: PartyRef
  quantity: Quantity
  score: number
  reasons: Reason[]
  proposal_id?: string | null
}

export interface Unmet {
  id: string
  need: RecordRef | null
  offer: RecordRef | null
  open: Quantity
  reasons: Reason[]
}

export interface RecordRef {
  id: string
  title: string
}

interface Relation extends Rec {
  need: RecordRef
  offer: RecordRef
  county: PartyRef
  giver: PartyRef
  side: 'giver' | 'county' | null
}

export interface Turn {
  by: 'giver' | 'county' | 'coordinator'
  person?: Name | null
  quantity: Quantity
  window: Window
  terms: string
  at: string
}

export interface Proposal extends Relation {
  quantity: Quantity
  window: Window
  terms: string
  hold_until: string | null
  turns: Turn[]
  agreed_by: string[]
  decline_code?: string | null
  pledge_id?: string | null
}

export interface Signature {
  side: 'giver' | 'county'
  person: Name
  at: string
}

export interface Pledge extends Relation {
  proposal_id: string
  pairing_id?: string | null
  quantity: Quantity
  value?: Quantity | null
  text: string
  text_hash: string
  sign_by: string | null
  signatures: Signature[]
  instalments: { due: string; quantity: Quantity }[]
  coverage?: Coverage
}

export interface Delivery extends Relation {
  pledge_id: string
  declared: Quantity
  accepted?: Quantity | null
  shortfall?: Quantity | null
  note?: string | null
  stages: { kind: string; at: string; voucher?: string | null; note?: string | null }[]
}

export interface Pairing extends Rec {
  kind: string
  policy: string
  giver: PartyRef
  place: County | PlaceRef
  valid_from: string
  valid_to: string | null
}

export interface TimelineEntry {
  id: string
  at: string
  kind: string
  actor?: Name | null
  subject: { kind: string; id: string; title?: string | null } | null
  quantity?: Quantity | null
  text?: string | null
}

export interface Today {
  overdue: TodayItem[]
  waiting_for_me: TodayItem[]
  waiting_for_others: TodayItem[]
}

export interface TodayItem {
  kind: string
  id: string
  title: string
  verb: string
  due: string | null
  quantity?: Quantity | null
  other?: Name | null
}
