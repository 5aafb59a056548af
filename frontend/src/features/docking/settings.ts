/** The settings of docking as they are typed, what is wrong with them, and how two versions differ. */
import type { DockingSettings } from '../../api/types'

export type Settings = DockingSettings['settings']
type Ranges = DockingSettings['ranges']

export const WEIGHTS = ['own_pair', 'home_pair', 'continuity', 'distance', 'skill', 'priority', 'poverty', 'deadline', 'incumbent']
export const NAMES = ['own_pair_days', 'fairness', 'max_sources', 'offer_candidates', 'need_candidates']

/** Every setting under its own name. */
function flat(settings: Settings): Record<string, number> {
  const { weights, ...rest } = settings
  return { ...rest, ...weights } as Record<string, number>
}

export function textsOf(settings: Settings): Record<string, string> {
  return Object.fromEntries(Object.entries(flat(settings)).map(([name, value]) => [name, String(value)]))
}

/** The settings whose text is no whole number within its range. */
export function faultsOf(texts: Record<string, string>, ranges: Ranges): Record<string, true> {
  const wrong = Object.entries(texts).filter(([name, text]) => {
    const range = WEIGHTS.includes(name) ? ranges.weights : ranges[name]
    const value = Number(text)
    return !/^\d{1,5}$/.test(text.trim()) || !range || value < range.least || value > range.most
  })
  return Object.fromEntries(wrong.map(([name]) => [name, true]))
}

/** What is sent; call it only for texts without faults. */
export function settingsOf(texts: Record<string, string>): Settings {
  const read = (names: string[]) => Object.fromEntries(names.map((name) => [name, Number(texts[name])]))
  return { ...read(NAMES), weights: read(WEIGHTS) } as unknown as Settings
}

/** Name, value before and after of each setting that differs. */
export function changesOf(before: Settings, after: Settings): [string, number, number][] {
  const [old, now] = [flat(before), flat(after)]
  return [...WEIGHTS, ...NAMES].filter((name) => old[name] !== now[name]).map((name) => [name, old[name] ?? 0, now[name] ?? 0])
}
