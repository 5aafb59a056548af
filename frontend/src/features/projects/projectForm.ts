/** The form of a project as it is typed, what is wrong with it, and what is sent. */
import type { ProjectInput } from '../../api/projects'
import type { FundSource, Project } from '../../api/types'
import { readQuantity, typedText, type Measure, type Money, type MoneyUnit } from '../../lib/quantity'
import { countOf, isWhole, separated } from '../../lib/typed'
import { dateFaults, type Faults } from '../forms/form'

export const SOURCES = ['central', 'provincial', 'prefecture', 'county', 'east_west', 'designated', 'social', 'own', 'loan', 'other'] as const
export const NATURES = ['new', 'continued', 'rebuilt']
export const MONEY: Measure = { unit: 'fen', decimals: 0, is_money: true }

export interface TypedSource {
  kind: string
  name: string
  amount: string
}

export interface TypedPartner {
  id: string
  name: string
  /** Something is typed that is no participant. */
  unchosen: boolean
}

export interface ProjectForm {
  participantId: string
  placeCode: string
  placeText: string
  title: string
  head: string
  nature: string
  villages: string
  from: string
  to: string
  unit: string
  post: string
  description: string
  tasks: string[]
  partners: TypedPartner[]
  cost: string
  moneyUnit: MoneyUnit
  subsidy: string
  sources: TypedSource[]
  households: string
  persons: string
  target: string
  participation: string
}

export function emptyProject(moneyUnit: MoneyUnit, today: string): ProjectForm {
  return {
    participantId: '', placeCode: '', placeText: '', title: '', head: 'works', nature: 'new', villages: '', from: today, to: '', unit: '', post: '',
    description: '', tasks: [], partners: [], cost: '', moneyUnit, subsidy: '', sources: [], households: '', persons: '', target: '', participation: '',
  }
}

export function typedSources(sources: FundSource[], moneyUnit: MoneyUnit): TypedSource[] {
  return sources.map((source) => ({ kind: source.kind, name: source.name, amount: typedText(source.amount, moneyUnit) }))
}

export function formOf(project: Project, moneyUnit: MoneyUnit, placeName: string): ProjectForm {
  return {
    participantId: project.participant.id, placeCode: project.place.code, placeText: placeName, title: project.title, head: project.head,
    nature: project.nature, villages: project.villages.join('，'), from: project.window.from, to: project.window.to,
    unit: project.responsible_unit, post: project.responsible_post, description: project.description,
    tasks: project.tasks.map((task) => task.title),
    partners: project.partners.map(({ participant }) => ({ id: participant.id, name: participant.name.zh, unchosen: false })), cost: typedText(project.funding.cost, moneyUnit), moneyUnit,
    subsidy: project.subsidy_standard, sources: typedSources(project.sources, moneyUnit),
    households: project.beneficiaries.households?.toString() ?? '', persons: project.beneficiaries.persons?.toString() ?? '',
    target: project.performance_target, participation: project.participation,
  }
}

/** Fen of a typed sum, or null where it is none. */
export function fenOf(text: string, moneyUnit: MoneyUnit): number | null {
  const reading = readQuantity(text, MONEY, moneyUnit)
  return reading.ok ? (reading.quantity as Money).amount_fen : null
}

/** What is wrong with the sources, by field. */
export function sourceFaults(sources: TypedSource[], cost: number | null, moneyUnit: MoneyUnit): Faults {
  const faults: Faults = {}
  let sum = 0
  for (const [index, source] of sources.entries()) {
    const reading = readQuantity(source.amount, MONEY, moneyUnit)
    if (!reading.ok) faults[`sources.${index}`] = { key: reading.fault, values: { text: source.amount, decimals: 2 } }
    sum += fenOf(source.amount, moneyUnit) ?? 0
  }
  if (cost !== null && sum > cost) faults.sources = { key: 'projectForm.costTooSmall' }
  return faults
}

/** What is wrong, by field as the server names it. */
export function faultsOf(form: ProjectForm, today: string): Faults {
  const faults: Faults = {}
  if (!form.title.trim()) faults.title = { key: 'form.titleMissing' }
  if (!form.placeCode) faults.place_code = { key: 'form.placeMissing' }
  const cost = readQuantity(form.cost, MONEY, form.moneyUnit)
  if (!cost.ok) faults.cost = { key: cost.fault, values: { text: form.cost, decimals: 2 } }
  Object.assign(faults, dateFaults(form.from, form.to, today), sourceFaults(form.sources, fenOf(form.cost, form.moneyUnit), form.moneyUnit))
  for (const [index, partner] of form.partners.entries()) {
    if (partner.unchosen) faults[`partner_ids.${index}`] = { key: 'picker.unchosen' }
  }
  for (const name of ['households', 'persons'] as const) {
    if (form[name].trim() && !isWhole(form[name], 0)) faults[`beneficiaries.${name}`] = { key: 'form.countBad' }
  }
  return faults
}

/** Sources as they are sent; call it only for sources without faults. */
export function sourcesInput(sources: TypedSource[], moneyUnit: MoneyUnit): FundSource[] {
  return sources.map((source) => ({
    kind: source.kind as FundSource['kind'], name: source.name.trim(), amount: { amount_fen: fenOf(source.amount, moneyUnit) ?? 0 },
  }))
}

/** What is sent; call it only for a form without faults. `before` keeps what a task says beside its title. */
export function projectInput(form: ProjectForm, before: Project['tasks'] = []): ProjectInput {
  return {
    place_code: form.placeCode, title: form.title.trim(), head: form.head, nature: form.nature, villages: separated(form.villages),
    window: { from: form.from, to: form.to }, responsible_unit: form.unit.trim(), responsible_post: form.post.trim(),
    description: form.description.trim(),
    tasks: form.tasks.map((title) => title.trim()).filter(Boolean).map((title) => {
      const kept = before.find((task) => task.title === title)
      return { title, villages: kept?.villages ?? [], detail: kept?.detail ?? '' }
    }),
    cost: { amount_fen: fenOf(form.cost, form.moneyUnit) ?? 0 }, subsidy_standard: form.subsidy.trim(),
    sources: sourcesInput(form.sources, form.moneyUnit),
    beneficiaries: { households: countOf(form.households), persons: countOf(form.persons) },
    performance_target: form.target.trim(), participation: form.participation.trim(),
    partner_ids: form.partners.map((partner) => partner.id).filter(Boolean),
  }
}
