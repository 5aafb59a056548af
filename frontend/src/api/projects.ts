/** The county's project library. */
import { get, request, type Query } from './client'
import type { FundSource, FundingStack, IntegrationReport, Page, Project, ProjectRow, Window } from './types'
import type { Money } from '../lib/quantity'

export interface ProjectInput {
  participant_id?: string
  place_code: string
  title: string
  head: string
  nature: string
  villages: string[]
  window: Window
  responsible_unit: string
  responsible_post: string
  description: string
  tasks: { title: string; villages: string[]; detail: string }[]
  cost: Money
  subsidy_standard: string
  sources: FundSource[]
  beneficiaries: { households: number | null; persons: number | null }
  performance_target: string
  participation: string
  partner_ids: string[]
}

export function listProjects(query: Query): Promise<Page<ProjectRow>> {
  return get('/projects', query)
}

export function fetchProject(id: string): Promise<Project> {
  return get(`/projects/${id}`)
}

export function fetchFundingStack(id: string): Promise<FundingStack> {
  return get(`/projects/${id}/funding-stack`)
}

/** Gaps of projects by place and head, what was promised of them, what is free to ask for. */
export function fetchIntegration(query: Query): Promise<IntegrationReport> {
  return get('/projects/integration', query)
}

export function createProject(input: ProjectInput, idempotencyKey: string): Promise<Project> {
  return request('POST', '/projects', { body: input, idempotencyKey })
}

export function changeProject(project: { id: string; version: number }, changes: Partial<ProjectInput>): Promise<Project> {
  return request('PATCH', `/projects/${project.id}`, { body: changes, version: project.version })
}
