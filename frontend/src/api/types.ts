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

export type Language = 'zh-CN' | 'en'
export type Theme = 'light' | 'dark' | 'system'

export interface User {
  id: string
  identifier: string
  name: Name
  language: Language
  theme: Theme
}

export interface Grant {
  role: string
  participant_id: string | null
  place_code: string | null
}

export interface SessionRead {
  csrf_token: string | null
  user: User | null
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
  expires_at: string
  user_agent: string
  current: boolean
}

export interface CodeName {
  code: string
  name: Name
}

export interface PlaceRef extends CodeName {
  province: CodeName | null
}

export interface Poverty {
  listed_from: string
  exit_year: number
  out: boolean
}

export interface PlaceRow extends PlaceRef {
  id: string
  level: string
  parents: CodeName[]
  poverty: Poverty | null
}

export interface PlaceRead extends PlaceRow {
  point: { longitude: number; latitude: number } | null
  codes: { code: string; valid_from: string; valid_to: string | null }[]
}

export interface CountyDot extends CodeName {
  province: string
  longitude: number | null
  latitude: number | null
  exit_year: number
  out: boolean
}

export interface CountiesMap {
  business_date: string
  out: number
  counties: CountyDot[]
}

export interface PublishedRecord {
  id: string
  reference: string
  kind: 'need' | 'assistance'
  head: string
  title: Name
  area: string
  giver: string | null
  year: number | null
  period: string
  quantity: { value: string; unit: string } | null
  funds: { amount_fen: number } | null
  households: number | null
  persons: number | null
  status: string | null
  fund_source: string
  note: string
  source: { name: string; grade: string; link: string | null }
}

export interface FiscalSeries {
  place: CodeName
  years: { year: number; revenue: { amount_fen: number }; preliminary: boolean }[]
}

export interface ParticipantRef {
  id: string
  name: Name
  kind: string
}

export interface Participant extends ParticipantRef, Rec {
  place: PlaceRef | null
  verified_at: string | null
  credit_code: string | null
  remarks: string
  parent: ParticipantRef | null
}

export interface Membership {
  participant: ParticipantRef
  status: string
  place: PlaceRef | null
  roles: string[]
}

export interface TypeRef extends Measure {
  code: string
  head: string
  name: Name
  bound: 'cap' | 'floor'
  reach: 'pairing' | 'open'
}

export interface ResourceType extends TypeRef {
  accepted_units: Record<string, string>
  checklist: Name[]
  evidence: Name[]
}

export interface Coverage {
  held: Quantity
  pledged: Quantity
  accepted: Quantity
  open: Quantity
}

export interface NeedRow extends Rec {
  place: PlaceRef
  participant: ParticipantRef
  resource_type: TypeRef
  title: string
  quantity: Quantity
  min_part: Quantity | null
  max_sources: number
  window: Window
  priority: number
  skills: string[]
  beneficiaries: { households: number | null; persons: number | null }
  close_reason: string | null
  submitted_at: string | null
  published_at: string | null
  coverage: Coverage
}

export interface Need extends NeedRow {
  description: string
  villages: string[]
  necessity: string
  remark: string
  written_by: string
  awaits_countersignature: boolean
}

export interface OfferRow extends Rec {
  participant: ParticipantRef
  resource_type: TypeRef
  title: string
  quantity: Quantity
  min_lot: Quantity | null
  max_receivers: number | null
  window: Window
  skills: string[]
  restriction: { kind: 'none' | 'paired' | 'places'; places: PlaceRef[] }
  close_reason: string | null
  published_at: string | null
  coverage: Coverage
}

export interface Offer extends OfferRow {
  description: string
  remark: string
  written_by: string
}

export interface TitleRef {
  id: string
  title: string
}

export type Seat = 'county' | 'giver' | 'coordinator'

/** What a proposal, a pledge and a delivery are between, and where the reader stands. */
export interface Parties {
  need: TitleRef
  offer: TitleRef
  resource_type: TypeRef
  place: PlaceRef
  county: ParticipantRef
  giver: ParticipantRef
  pairing_id: string | null
  side: Seat | null
}

export interface PersonRef {
  id: string
  name: Name
}

export interface Turn {
  by: Seat
  person: PersonRef | null
  quantity: Quantity
  window: Window
  terms: string
  at: string
}

export interface ProposalRow extends Rec, Parties {
  quantity: Quantity
  window: Window
  terms: string
  hold_until: string
  proposed_by: Seat
  agreed_by: string[]
  awaiting: string[]
  suggestion_id: string | null
  renewals_left: number
  decline: { code: string; text: Name; remark: string } | null
  remark: string
}

export interface Proposal extends ProposalRow {
  turns: Turn[]
}

export interface Message {
  id: string
  by: Seat
  person: PersonRef | null
  text: string
  at: string
}

export interface DeclineReason {
  code: string
  text: Name
  cool_down_days: number
}

export interface PledgeRow extends Rec, Parties {
  proposal_id: string
  quantity: Quantity
  window: Window
  progress: { accepted: Quantity; remaining: Quantity }
  sign_by: string
  due: string
  overdue: boolean
  effective_at: string | null
  signed_by: string[]
  remark: string
}

export interface Pledge extends PledgeRow {
  value: { amount_fen: number } | null
  paid_by: string
  mobilised_by: string | null
  text: Name
  text_hash: string
  revision: number
  signatures: { side: string; person: PersonRef; text_hash: string; at: string }[]
  instalments: { due: string; quantity: Quantity; overdue: boolean }[]
}

export interface DeliveryRow extends Rec, Parties {
  pledge_id: string
  declared: Quantity
  accepted: Quantity | null
  shortfall: { quantity: Quantity; reason: string; text: Name } | null
  sent_at: string | null
  decided_at: string | null
  remark: string
}

export interface Delivery extends DeliveryRow {
  stages: { kind: string; at: string; person: PersonRef | null; voucher: string | null; note: string }[]
}

export interface PledgeDeliveries {
  summary: { count: number; planned: Quantity; under_way: Quantity; accepted: Quantity; short: Quantity; left: Quantity }
  items: DeliveryRow[]
}

export interface PairingGiver {
  kind: 'place' | 'participant' | 'name'
  name: Name
  place: PlaceRef | null
  participant: ParticipantRef | null
}

export interface PairingRef {
  id: string
  kind: string
  giver: PairingGiver
  place: PlaceRef
}

export interface PairingRow extends PairingRef {
  version: number
  status: string
  policy: string
  valid_from: string
  valid_to: string | null
  verified: boolean
  created_at: string
}

export interface Pairing extends PairingRow {
  in_force: boolean
  policy_facts: { code: string; title: Name; valid_from: string; valid_to: string | null }
  participants: { giver: ParticipantRef[]; county: ParticipantRef[] }
  counties: number
  successor: PairingRef | null
  can: string[]
}

export interface RunTotals {
  needs: number
  offers: number
  suggestions: number
  value: number
  bound: number
  gap: number
  covered: number
  counties: number
  unmet: number
}

export interface DockingRun extends Rec {
  heads: string[]
  province: string | null
  snapshot_at: string | null
  finished_at: string | null
  progress: number
  totals: RunTotals
  stages: { name: string; seconds: number }[]
  error: string
}

export interface Reason {
  code: string
  text: string
  points?: number | null
  shortfall?: number | null
}

interface Brief extends TitleRef {
  window: Window
  open: Quantity
}

export interface Suggestion {
  id: string
  version: number
  status: string
  run_id: string
  need: Brief
  offer: Brief
  place: PlaceRef
  county: ParticipantRef
  giver: ParticipantRef
  resource_type: TypeRef
  quantity: Quantity
  score: number
  reasons: Reason[]
  alternatives: number
  proposal_id: string | null
  remark: string
  can: string[]
}

export interface Unmet {
  id: string
  kind: 'need' | 'offer'
  need_id: string | null
  offer_id: string | null
  title: string
  resource_type: TypeRef
  place: PlaceRef | null
  participant: ParticipantRef
  open: Quantity
  reasons: Reason[]
}

export interface ReasonCount {
  code: string
  text: string
  count: number
}

/** One record that somebody has to do something about. */
export interface WorkItem {
  kind: string
  id: string
  title: string
  verb: string | null
  due: string | null
  since: string | null
  quantity: Quantity | null
  county: PlaceRef | null
  other: Name | null
}

export interface Today {
  overdue: WorkItem[]
  waiting_for_me: WorkItem[]
  waiting_for_others: WorkItem[]
}

export interface BoardColumn {
  stage: string
  total: number
  items: WorkItem[]
}

export interface Board {
  columns: BoardColumn[]
}

export interface TimelineEntry {
  id: string
  at: string
  kind: string
  actor: PersonRef | null
  side: Seat | null
  record: { kind: string; id: string; title: string }
  quantity: Quantity | null
  text: string
}

export interface CoverageRow {
  place: PlaceRef | null
  head: string | null
  needs: number
  touched: number
  covered: number
  fulfilled: number
}

export interface CoverageReport {
  by: string
  rows: CoverageRow[]
}

export interface Dot extends CodeName {
  longitude: number | null
  latitude: number | null
}

export interface Flow {
  giver: Dot | null
  county: Dot
  pledges: number
  accepted_in_full: number
  types: { resource_type: TypeRef; pledges: number; pledged: Quantity; accepted: Quantity }[]
}

export interface LedgerRow {
  id: string
  sequence: number
  movement: string
  quantity: Quantity
  lowers: boolean
  other: { kind: string; id: string; title: string } | null
  at: string
  by: PersonRef | null
  balance: { quantity: Quantity; held: Quantity; pledged: Quantity; accepted: Quantity; open: Quantity }
}
