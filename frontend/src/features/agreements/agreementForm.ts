/** The form of a yearly agreement as it is typed, what is wrong with it, and what is sent. */
import type { AgreementInput, TargetInput } from '../../api/agreements'
import type { ResourceType, Target } from '../../api/types'
import { readQuantity, typedText, type Measure, type MoneyUnit } from '../../lib/quantity'
import { measureOf, type Faults } from '../forms/form'

/** What stands in place of a type for a target in words; money among it is measured in fen. */
export const WORDS = ''
/** A target of a register has its name behind this mark in place of a type; meetings are counted in sessions, people in persons. */
export const OF_REGISTER = 'register:'
export const REGISTERS: Record<string, string> = {
  meetings: 'session', leader_meetings: 'session', cadres_to_county: 'person', cadres_to_giver: 'person',
  professionals_to_county: 'person', professionals_to_giver: 'person',
}
export const UNITS = ['session', 'person_time', 'person', 'household', 'workshop', 'fen']

export interface TypedTarget {
  type: string
  head: string
  title: string
  figure: string
  unit: string
}

export interface AgreementForm {
  from: string
  to: string
  targets: TypedTarget[]
  terms: string
  moneyUnit: MoneyUnit
}

export function emptyTarget(): TypedTarget {
  return { type: WORDS, head: 'talent', title: '', figure: '', unit: 'session' }
}

export function typedTargets(targets: Target[], moneyUnit: MoneyUnit): TypedTarget[] {
  return targets.map((target) => ({
    type: target.resource_type?.code ?? (target.counted_by ? OF_REGISTER + target.counted_by : WORDS),
    head: target.head,
    title: target.title,
    figure: typedText(target.quantity, moneyUnit),
    unit: 'unit' in target.quantity ? target.quantity.unit : 'fen',
  }))
}

export function measureOfTarget(target: TypedTarget, types: ResourceType[]): Measure {
  const type = types.find((each) => each.code === target.type)
  if (type) return measureOf(type, target.unit)
  return { unit: target.unit, decimals: target.unit === 'fen' ? 0 : 3, is_money: target.unit === 'fen' }
}

export function faultsOf(form: AgreementForm, year: number, types: ResourceType[]): Faults {
  const faults: Faults = {}
  for (const [name, value] of [['window.from', form.from], ['window.to', form.to]] as const) {
    if (!value) faults[name] = { key: 'form.dateMissing' }
    else if (!value.startsWith(`${year}-`)) faults[name] = { key: 'agreementForm.outsideYear', values: { year } }
  }
  if (form.from && form.to && form.to < form.from) faults['window.to'] = { key: 'form.dateOrder' }
  for (const [index, target] of form.targets.entries()) {
    if (target.type === WORDS && !target.title.trim()) faults[`targets.${index}.title`] = { key: 'form.titleMissing' }
    const reading = readQuantity(target.figure, measureOfTarget(target, types), form.moneyUnit)
    if (!reading.ok) faults[`targets.${index}.quantity`] = { key: reading.fault, values: { text: target.figure, decimals: 3 } }
  }
  return faults
}

/** What is sent; call it only for a form without faults. */
export function agreementInput(form: AgreementForm, types: ResourceType[]): AgreementInput {
  return {
    window: { from: form.from, to: form.to },
    targets: form.targets.map((target) => targetInput(target, form.moneyUnit, types)),
    terms: form.terms.trim(),
  }
}

function targetInput(target: TypedTarget, moneyUnit: MoneyUnit, types: ResourceType[]): TargetInput {
  const reading = readQuantity(target.figure, measureOfTarget(target, types), moneyUnit)
  if (!reading.ok) throw new Error('a form with faults is not sent')
  const what = target.type.startsWith(OF_REGISTER)
    ? { head: target.head, counted_by: target.type.slice(OF_REGISTER.length) }
    : target.type === WORDS ? { head: target.head } : { resource_type: target.type }
  return { ...what, title: target.title.trim(), quantity: reading.quantity }
}
