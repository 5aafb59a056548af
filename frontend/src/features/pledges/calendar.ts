/** The calendar of promises as it is typed, what is wrong with it, and how two versions differ. */
import type { PledgeCalendar } from '../../api/types'

export type Days = PledgeCalendar['days']
export const STEPS = ['urge_side_days', 'urge_coordinator_days', 'urge_office_days', 'check_days'] as const
export type Step = (typeof STEPS)[number]
export type Fault = 'outside' | 'order'

export function mostOf(step: Step): number {
  return step === 'check_days' ? 3650 : 365
}

export function textsOf(days: Days): Record<Step, string> {
  return Object.fromEntries(STEPS.map((step) => [step, String(days[step])])) as Record<Step, string>
}

/** What is sent; call it only for texts without faults. */
export function daysOf(texts: Record<Step, string>): Days {
  return Object.fromEntries(STEPS.map((step) => [step, Number(texts[step])])) as Days
}

/** Days outside of their range, and a step of urging that comes sooner than the one before it. */
export function faultsOf(texts: Record<Step, string>): Partial<Record<Step, Fault>> {
  const faults: Partial<Record<Step, Fault>> = {}
  for (const step of STEPS) {
    const value = Number(texts[step])
    if (!/^\d{1,4}$/.test((texts[step] ?? '').trim()) || value < 1 || value > mostOf(step)) faults[step] = 'outside'
  }
  for (const [before, step] of [['urge_side_days', 'urge_coordinator_days'], ['urge_coordinator_days', 'urge_office_days']] as const) {
    if (!faults[before] && !faults[step] && Number(texts[step]) < Number(texts[before])) faults[step] = 'order'
  }
  return faults
}

/** Step, days before and after of each that differs. */
export function changesOf(before: Days, after: Days): [Step, number, number][] {
  return STEPS.filter((step) => before[step] !== after[step]).map((step) => [step, before[step], after[step]])
}
