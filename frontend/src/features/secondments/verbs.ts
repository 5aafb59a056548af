/** The verbs of a seconded person's term, as its page shows them; changing has a form of its own. */
import type { Secondment } from '../../api/types'
import { t } from '../../app/language.svelte'
import type { Verb } from '../../app/verbs'

export function secondmentVerbs(secondment: Secondment, today: string): Verb[] {
  const thisYear = Number(today.slice(0, 4))
  const years = [thisYear, thisYear - 1].filter((year) => !secondment.reviews.some((one) => one.year === year))
  return [
    { name: 'appoint', label: 'secondmentVerb.appoint', tone: 'primary', done: 'secondmentVerb.appoint.done', confirm: 'secondmentVerb.appoint.confirm' },
    {
      name: 'take_up', label: 'secondmentVerb.take_up', tone: 'primary', done: 'secondmentVerb.take_up.done',
      fields: [{ kind: 'date', name: 'on', label: 'secondmentVerb.take_up.on', required: true, initial: today }],
    },
    {
      name: 'review', label: 'secondmentVerb.review', done: 'secondmentVerb.review.done',
      fields: [
        { kind: 'select', name: 'year', label: 'agreements.year', required: true, options: years.map((year) => ({ value: String(year), label: t('secondments.reviewOf', { year }) })), initial: String(years[0] ?? '') },
        { kind: 'area', name: 'text', label: 'secondmentVerb.review.text', hint: 'verb.shownBoth', required: true },
      ],
      body: (values) => ({ year: Number(values.year), text: values.text }),
    },
    {
      name: 'extend', label: 'secondmentVerb.extend', done: 'secondmentVerb.extend.done',
      fields: [
        { kind: 'date', name: 'until', label: 'secondmentVerb.extend.until', required: true, initial: secondment.term.to },
        { kind: 'area', name: 'remark', label: 'verb.reason', hint: 'verb.shownBoth', required: true },
      ],
    },
    {
      name: 'end', label: 'secondmentVerb.end', done: 'secondmentVerb.end.done',
      fields: [
        { kind: 'date', name: 'on', label: 'secondmentVerb.end.on', required: true, initial: today },
        { kind: 'area', name: 'remark', label: 'secondmentVerb.end.reason', hint: 'verb.shownBoth' },
      ],
    },
    {
      name: 'withdraw', label: 'secondmentVerb.withdraw', tone: 'danger', done: 'secondmentVerb.withdraw.done',
      fields: [{ kind: 'area', name: 'remark', label: 'verb.reason', hint: 'verb.shownBoth', required: true }],
    },
  ]
}

/** How a term stands, beside its status. */
export function termSaid(one: Secondment, day: (iso: string) => string): string {
  if (one.ended_on) return t(one.early ? 'secondments.endedEarly' : 'secondments.ended', { day: day(one.ended_on) })
  if (one.days_left === null) return ''
  return one.days_left < 0 ? t('secondments.over', { n: -one.days_left }) : one.days_left <= SOON ? t('secondments.left', { n: one.days_left }) : ''
}

/** Days before the end of a term from which on it is said. */
export const SOON = 60
