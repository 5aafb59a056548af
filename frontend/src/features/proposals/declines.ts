/** The coded reasons to decline as they are typed, what is wrong with them, and how two versions differ. */
import type { DeclineReason } from '../../api/types'

export interface Typed {
  code: string
  zh: string
  en: string
  days: string
  retired: boolean
  /** Not in the list in force yet: its code can still be written. */
  added: boolean
}

export const MOST_DAYS = 730
export type Field = 'code' | 'zh' | 'en' | 'days'
export type Change = 'added' | 'retired' | 'taken_back' | 'reworded' | 'days'

export function typed(reasons: DeclineReason[]): Typed[] {
  return reasons.map(({ code, text, cool_down_days, retired }) => ({
    code, zh: text.zh, en: text.en, days: String(cool_down_days), retired: retired ?? false, added: false,
  }))
}

export function blank(): Typed {
  return { code: '', zh: '', en: '', days: '30', retired: false, added: true }
}

/** The fields of each reason that cannot be sent as they stand. */
export function faultsOf(reasons: Typed[]): Field[][] {
  return reasons.map((reason, place) => {
    const faults: Field[] = []
    const twice = reasons.findIndex((other) => other.code === reason.code) !== place
    if (!/^[a-z][a-z0-9_]{0,39}$/.test(reason.code) || twice) faults.push('code')
    if (!reason.zh.trim()) faults.push('zh')
    if (!reason.en.trim()) faults.push('en')
    if (!/^\d{1,3}$/.test(reason.days.trim()) || Number(reason.days) > MOST_DAYS) faults.push('days')
    return faults
  })
}

/** What is sent; call it only for reasons without faults. */
export function reasonsOf(reasons: Typed[]): DeclineReason[] {
  return reasons.map(({ code, zh, en, days, retired }) => ({
    code, text: { zh: zh.trim(), en: en.trim() }, cool_down_days: Number(days), retired,
  }))
}

/** What became of each reason that differs, in the order of the later list. */
export function changesOf(before: DeclineReason[], after: DeclineReason[]): { reason: DeclineReason; change: Change; old?: number }[] {
  return after.flatMap((reason) => {
    const old = before.find((each) => each.code === reason.code)
    if (!old) return [{ reason, change: 'added' as Change }]
    const found: { reason: DeclineReason; change: Change; old?: number }[] = []
    if (!old.retired && reason.retired) found.push({ reason, change: 'retired' })
    if (old.retired && !reason.retired) found.push({ reason, change: 'taken_back' })
    if (old.text.zh !== reason.text.zh || old.text.en !== reason.text.en) found.push({ reason, change: 'reworded' })
    if (old.cool_down_days !== reason.cool_down_days) found.push({ reason, change: 'days', old: old.cool_down_days })
    return found
  })
}
