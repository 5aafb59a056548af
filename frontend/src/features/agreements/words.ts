/** How a target is called, and how late the money of a pledge is, in words. */
import type { MoneyLine } from '../../api/types'
import { day, named, quantity, t, word } from '../../app/language.svelte'
import type { Name } from '../../lib/names'

export function targetTitle(target: { resource_type: { name: Name } | null; counted_by?: string | null; title: string }): string {
  const counted = target.resource_type ? named(target.resource_type.name) : target.counted_by ? word('register', target.counted_by) : ''
  return [counted, target.title].filter(Boolean).join(' · ')
}

export function lateness(line: MoneyLine): string {
  if (line.late) return t('money.late', { day: day(line.late.since), n: line.late.days, amount: quantity(line.late.amount) })
  if (line.unspent_days) return t('money.unspent', { n: line.unspent_days })
  return ''
}
