/** Docking runs, what they suggest and what they could not meet. */
import { get, request, type Query } from './client'
import type {
  CountyCoverage, DockingRun, DockingSettings, FittingNeeds, FittingOffers, Page, Proposal, ReasonCount, RunComparison, RunFlows,
  SettingsVersion, Suggestion, SuggestionChange, Unmet,
} from './types'

export interface RunInput {
  heads?: string[]
  province?: string
}

export function listRuns(query: Query): Promise<Page<DockingRun>> {
  return get('/docking-runs', query)
}

export function startRun(input: RunInput, idempotencyKey: string): Promise<DockingRun> {
  return request('POST', '/docking-runs', { body: input, idempotencyKey })
}

export function fetchRun(id: string): Promise<DockingRun> {
  return get(`/docking-runs/${id}`)
}

export function listSuggestions(runId: string, query: Query): Promise<Page<Suggestion>> {
  return get(`/docking-runs/${runId}/suggestions`, query)
}

export function listUnmet(runId: string, query: Query): Promise<Page<Unmet>> {
  return get(`/docking-runs/${runId}/unmet`, query)
}

export function countUnmet(runId: string, kind: string): Promise<ReasonCount[]> {
  return get(`/docking-runs/${runId}/unmet-reasons`, { kind })
}

/** Takes a suggestion up: it becomes a proposal that holds its quantity on both sides. */
export function proposeSuggestion(id: string, body: unknown, idempotencyKey: string): Promise<Proposal> {
  return request('POST', `/suggestions/${id}/propose`, { body, idempotencyKey })
}

export function fetchSuggestion(id: string): Promise<Suggestion> {
  return get(`/suggestions/${id}`)
}

/** The offers that fit a need best just now. */
export function fittingOffers(needId: string, limit: number): Promise<FittingOffers> {
  return get(`/needs/${needId}/fitting-offers`, { limit })
}

/** The needs that fit an offer best just now. */
export function fittingNeeds(offerId: string, limit: number): Promise<FittingNeeds> {
  return get(`/offers/${offerId}/fitting-needs`, { limit })
}

/** The same for a need that is being typed. */
export function previewOffers(body: unknown, limit: number, signal: AbortSignal): Promise<FittingOffers> {
  return request('POST', '/needs/fitting-offers', { body, query: { limit }, signal })
}

/** The same for an offer that is being typed. */
export function previewNeeds(body: unknown, limit: number, signal: AbortSignal): Promise<FittingNeeds> {
  return request('POST', '/offers/fitting-needs', { body, query: { limit }, signal })
}

export function fetchSettings(): Promise<DockingSettings> {
  return get('/settings/docking')
}

export function setSettings(body: unknown, version: number, idempotencyKey: string): Promise<DockingSettings> {
  return request('POST', '/settings/docking', { body, version, idempotencyKey })
}

export function listSettings(query: Query): Promise<Page<SettingsVersion>> {
  return get('/settings/docking/versions', query)
}

/** How far each county was covered before a run and would be after it. */
export function listCounties(runId: string): Promise<CountyCoverage[]> {
  return get(`/docking-runs/${runId}/counties`)
}

/** What a run suggests from giving places to counties, the largest flows. */
export function listRunFlows(runId: string, query: Query): Promise<RunFlows> {
  return get(`/docking-runs/${runId}/flows`, query)
}

export function compareRuns(runId: string, otherId: string): Promise<RunComparison> {
  return get(`/docking-runs/${runId}/compare/${otherId}`)
}

export function listChanges(runId: string, otherId: string, query: Query): Promise<Page<SuggestionChange>> {
  return get(`/docking-runs/${runId}/compare/${otherId}/changes`, query)
}

/** What runs suggest for one need and nobody has decided on. */
export function listOpenSuggestions(needId: string): Promise<Page<Suggestion>> {
  return get('/suggestions', { need_id: needId, status: 'open', limit: 100 })
}

/** Decides against an offer for a need: it is not suggested for it again for a while. */
export function dismissOffer(needId: string, offerId: string, body: unknown): Promise<unknown> {
  return request('POST', `/needs/${needId}/fitting-offers/${offerId}/dismiss`, { body })
}
