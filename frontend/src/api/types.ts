/**
 * The records of the interface under the names that the pages use.
 * They are those of the generated schema, so a change of the interface that a page does not follow fails the check.
 */
import type { components } from './schema'

type Schemas = components['schemas']

/** One page of a list; `next` is null on the last one. */
export interface Page<T> {
  items: T[]
  next: string | null
  total: number | null
}

export type Window = Schemas['Window']
export type Seat = NonNullable<Schemas['ProposalRow']['side']>

export type SessionRead = Schemas['SessionRead']
export type OpenNeed = Schemas['OpenNeed']
export type Committed = Schemas['Committed']
export type User = Schemas['UserRead']
export type Grant = Schemas['GrantRead']
export type Me = Schemas['MeRead']
export type AloneRow = Schemas['AloneRow']
export type ResetCode = Schemas['ResetCode']
export type Contact = Schemas['ContactRow']
export type ContactRevealed = Schemas['ContactRevealed']
export type NewContact = Schemas['ContactCreate']
export type Language = User['language']
export type Theme = User['theme']
export type OwnSession = Schemas['OwnSession']
export type Membership = Schemas['Membership']

export type Member = Schemas['MemberRead']
export type Invitation = Schemas['InvitationRead']
export type NewInvitation = Schemas['InvitationCreated']
export type InvitationShown = Schemas['InvitationShown']
export type UserRow = Schemas['UserRow']
export type HeldRole = Schemas['HeldRole']

export type Draft = Schemas['DraftRead']
export type DraftRow = Schemas['DraftRow']

export type PlaceRef = Schemas['PlaceRef']
export type PlaceRow = Schemas['PlaceRow']
export type PlaceRead = Schemas['PlaceRead']
export type CountyDot = Schemas['CountyDot']
export type CountiesMap = Schemas['CountiesMap']
export type PublishedRecord = Schemas['PublishedRecordRead']
export type FiscalSeries = Schemas['FiscalSeries']

export type TypeRef = Schemas['TypeRef']
export type ResourceType = Schemas['ResourceTypeRead']
export type Coverage = Schemas['Coverage']

export type ParticipantRef = Schemas['ParticipantRef']
export type ParticipantRow = Schemas['ParticipantRow']
export type OfficeRegistered = Schemas['OfficeRegistered']
export type Likenesses = Schemas['Likenesses']
export type ApiKey = Schemas['ApiKeyRead']
export type SecondFactor = Schemas['SecondFactorRead']
export type DocumentRead = Schemas['DocumentRead']
export type Risk = Schemas['RiskRead']
export type OpenId = Schemas['OpenIdRead']
export type OpenIdFinished = Schemas['OpenIdFinished']
export type FactorOffered = Schemas['SecondFactorOffered']
export type RecoveryCodes = Schemas['RecoveryCodes']
export type NewApiKey = Schemas['ApiKeyCreated']
export type Participant = Schemas['ParticipantRead']

export type NeedRow = Schemas['NeedRow']
export type Need = Schemas['NeedRead']
export type OfferRow = Schemas['OfferRow']
export type Offer = Schemas['OfferRead']

export type DockingRun = Schemas['RunRead']
export type Suggestion = Schemas['SuggestionRead']
export type Unmet = Schemas['UnmetRead']
export type ReasonCount = Schemas['ReasonCount']
export type FittingOffers = Schemas['FittingOffers']
export type FittingNeeds = Schemas['FittingNeeds']
export type DockingSettings = Schemas['SettingsRead']
export type SettingsVersion = Schemas['SettingsVersion']
export type CountyCoverage = Schemas['CountyCoverage']
export type RunFlow = Schemas['RunFlow']
export type RunFlows = Schemas['RunFlows']
export type RunComparison = Schemas['RunComparison']
export type SuggestionChange = Schemas['SuggestionChange']

export type Intent = Schemas['IntentRead']
export type ProposalRow = Schemas['ProposalRow']
export type Proposal = Schemas['ProposalRead']
export type Message = Schemas['MessageRead']
export type DeclineReason = Schemas['DeclineReason']
export type DeclineList = Schemas['DeclineListRead']
export type DeclineListVersion = Schemas['DeclineListVersion']
export type PledgeRow = Schemas['PledgeRow']
export type Pledge = Schemas['PledgeRead']
export type PledgeSum = Schemas['PledgeSum']
export type DeliveryRow = Schemas['DeliveryRow']
export type Delivery = Schemas['DeliveryRead']
export type Step = Schemas['Step']
export type Evidence = Schemas['Evidence']
export type FileRead = Schemas['FileRead']
export type PledgeDeliveries = Schemas['PledgeDeliveries']

/** What a proposal, a pledge and a delivery are between, and where the reader stands. */
export type Parties = Pick<ProposalRow, 'need' | 'offer' | 'resource_type' | 'place' | 'county' | 'giver' | 'pairing_id' | 'side'>

export type PairingRow = Schemas['PairingRow']
export type Pairing = Schemas['PairingRead']
export type TimelineEntry = Schemas['TimelineEntry']
export type TrailEntry = Schemas['TrailEntry']

export type WorkItem = Schemas['WorkItem']
export type Today = Schemas['Today']
export type Notice = Schemas['NoticeRead']
export type OverdueRow = Schemas['OverdueRow']
export type PairingHealth = Schemas['PairingHealth']
export type Board = Schemas['Board']
export type CoverageRow = Schemas['CoverageRow']
export type CoverageReport = Schemas['CoverageReport']
export type Flow = Schemas['Flow']
export type LedgerRow = Schemas['LedgerRow']

export type ImportRow = Schemas['ImportRow']
export type ImportRead = Schemas['ImportRead']
export type SheetRow = Schemas['RowRead']
export type SheetMissing = Schemas['MissingRead']
export type Job = Schemas['JobRead']
export type LedgerSum = Schemas['LedgerSum']
export type LedgerSums = Schemas['LedgerSums']
export type LedgerLine = Schemas['LedgerLine']
export type LedgerAccount = Schemas['LedgerAccount']
export type Export = Schemas['ExportRead']

export type ProjectRow = Schemas['ProjectRow']
export type Project = Schemas['ProjectRead']
export type Agreement = Schemas['AgreementRead']
export type AgreementRow = Schemas['AgreementRow']
export type Target = Schemas['TargetRead']
export type TargetProgress = Schemas['TargetProgress']
export type TargetReport = Schemas['TargetReport']
export type MoneyLine = Schemas['MoneyLine']
export type MoneyReport = Schemas['MoneyReport']
export type FundingStack = Schemas['FundingStack']
export type Integration = Schemas['Integration']
export type IntegrationReport = Schemas['IntegrationReport']
export type OpenCampaign = Schemas['OpenCampaign']
export type CampaignRow = Schemas['CampaignRow']
export type Campaign = Schemas['CampaignRead']
export type CampaignAim = Schemas['AimRead']
export type FundSource = Schemas['SourceRead']
