/** The form of a need as it is typed, what is wrong with it, and what is sent. */
import type { NeedInput } from '../../api/needs'
import type { Need, Project, ResourceType } from '../../api/types'
import { readQuantity, sizeOf, typedText, type MoneyUnit } from '../../lib/quantity'
import { countOf, isWhole, separated } from '../../lib/typed'
import { dateFaults, measureOf, type Faults } from '../forms/form'

export interface NeedForm {
  participantId: string
  /** The project from whose gap it is grown; empty for none. */
  projectId: string
  /** The line department whose agreement is asked for; empty for none. */
  departmentId: string
  placeCode: string
  placeText: string
  typeCode: string
  title: string
  description: string
  amount: string
  unit: string
  moneyUnit: MoneyUnit
  minPart: string
  maxSources: string
  from: string
  to: string
  priority: string
  skills: string
  households: string
  persons: string
  villages: string
  necessity: string
}

export function emptyNeed(moneyUnit: MoneyUnit, today: string): NeedForm {
  return {
    participantId: '', projectId: '', departmentId: '', placeCode: '', placeText: '', typeCode: '', title: '', description: '', amount: '', unit: '', moneyUnit,
    minPart: '', maxSources: '6', from: today, to: '', priority: '3', skills: '', households: '', persons: '', villages: '',
    necessity: '',
  }
}

/** What a need takes over from the project that it is grown from. */
export function grownFrom(project: Project, placeName: string): Partial<NeedForm> {
  return {
    projectId: project.id, placeCode: project.place.code, placeText: placeName, title: project.title, to: project.window.to,
    households: project.beneficiaries.households?.toString() ?? '', persons: project.beneficiaries.persons?.toString() ?? '',
    villages: project.villages.join('，'),
  }
}

export function formOf(need: Need, moneyUnit: MoneyUnit, placeName: string): NeedForm {
  return {
    participantId: need.participant.id, projectId: need.project_id ?? '', departmentId: need.department?.id ?? '', placeCode: need.place.code, placeText: placeName, typeCode: need.resource_type.code,
    title: need.title, description: need.description, amount: typedText(need.quantity, moneyUnit), unit: need.resource_type.unit,
    moneyUnit, minPart: typedText(need.min_part, moneyUnit), maxSources: String(need.max_sources), from: need.window.from,
    to: need.window.to, priority: String(need.priority), skills: need.skills.join('，'),
    households: need.beneficiaries.households?.toString() ?? '', persons: need.beneficiaries.persons?.toString() ?? '',
    villages: need.villages.join('，'), necessity: need.necessity,
  }
}

/** What is wrong, by field as the server names it. `complete`: as for submission, which asks for the necessity. */
export function faultsOf(form: NeedForm, type: ResourceType | undefined, today: string, complete: boolean): Faults {
  const faults: Faults = {}
  if (!form.title.trim()) faults.title = { key: 'form.titleMissing' }
  if (!form.placeCode) faults.place_code = { key: 'form.placeMissing' }
  if (!type) faults.resource_type = { key: 'form.typeMissing' }
  else Object.assign(faults, figureFaults(form, type))
  Object.assign(faults, dateFaults(form.from, form.to, today))
  if (!isWhole(form.maxSources, 1)) faults.max_sources = { key: 'form.sourcesBad' }
  for (const name of ['households', 'persons'] as const) {
    if (form[name].trim() && !isWhole(form[name], 0)) faults[`beneficiaries.${name}`] = { key: 'form.countBad' }
  }
  if (complete && !form.necessity.trim()) faults.necessity = { key: 'form.necessityMissing' }
  return faults
}

function figureFaults(form: NeedForm, type: ResourceType): Faults {
  const measure = measureOf(type, form.unit)
  const faults: Faults = {}
  const whole = readQuantity(form.amount, measure, form.moneyUnit)
  if (!whole.ok) faults.quantity = { key: whole.fault, values: { text: form.amount, decimals: measure.decimals } }
  if (!form.minPart.trim()) return faults
  const part = readQuantity(form.minPart, measure, form.moneyUnit)
  if (!part.ok) faults.min_part = { key: part.fault, values: { text: form.minPart, decimals: measure.decimals } }
  else if (whole.ok && sizeOf(part.quantity) > sizeOf(whole.quantity)) faults.min_part = { key: 'form.minTooLarge' }
  return faults
}

/** What is sent; call it only for a form without faults. */
export function needInput(form: NeedForm, type: ResourceType): NeedInput {
  const measure = measureOf(type, form.unit)
  const whole = readQuantity(form.amount, measure, form.moneyUnit)
  const part = readQuantity(form.minPart, measure, form.moneyUnit)
  if (!whole.ok) throw new Error(`not a quantity: ${form.amount}`)
  return {
    project_id: form.projectId || null,
    department_id: form.departmentId || null,
    place_code: form.placeCode,
    resource_type: form.typeCode,
    title: form.title.trim(),
    description: form.description.trim(),
    quantity: whole.quantity,
    min_part: part.ok ? part.quantity : null,
    max_sources: Number(form.maxSources),
    window: { from: form.from, to: form.to },
    priority: Number(form.priority),
    skills: type.head === 'talent' ? separated(form.skills) : [],
    beneficiaries: { households: countOf(form.households), persons: countOf(form.persons) },
    villages: separated(form.villages),
    necessity: form.necessity.trim(),
  }
}

/** What is typed so far, as far as it can be read: for what would fit. Null without a type. */
export function needSoFar(form: NeedForm, type: ResourceType | undefined): Record<string, unknown> | null {
  if (!type) return null
  const measure = measureOf(type, form.unit)
  const whole = readQuantity(form.amount, measure, form.moneyUnit)
  const part = readQuantity(form.minPart, measure, form.moneyUnit)
  return {
    participant_id: form.participantId || undefined,
    place_code: form.placeCode || undefined,
    resource_type: type.code,
    quantity: whole.ok ? whole.quantity : undefined,
    min_part: part.ok ? part.quantity : undefined,
    max_sources: isWhole(form.maxSources, 1) ? Number(form.maxSources) : undefined,
    window: { from: form.from || undefined, to: form.to || undefined },
    priority: Number(form.priority),
    skills: type.head === 'talent' ? separated(form.skills) : [],
  }
}
