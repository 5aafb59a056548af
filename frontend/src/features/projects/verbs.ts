/** The verbs of a project, as its page shows them. */
import type { Project } from '../../api/types'
import type { Verb, VerbField } from '../../app/verbs'

const reason: VerbField = { kind: 'area', name: 'remark', label: 'verb.reason', required: true }
const remark: VerbField = { kind: 'area', name: 'remark', label: 'verb.remark' }

export function projectVerbs(project: Project): Verb[] {
  const [first, last] = [project.window.from, project.window.to].map((day) => Number(day.slice(0, 4))) as [number, number]
  const years = Array.from({ length: last - first + 1 }, (_, index) => String(first + index))
  return [
    {
      name: 'notice', label: 'projectVerb.notice', tone: 'primary', done: 'projectVerb.notice.done',
      fields: [
        { kind: 'text', name: 'days', label: 'projectVerb.days', hint: 'projectVerb.daysHint', initial: '10', required: true },
        { kind: 'text', name: 'at', label: 'projectVerb.at', hint: 'projectVerb.atHint', required: true },
      ],
      body: (values) => ({ ...values, days: Number(values.days) }),
    },
    {
      name: 'review', label: 'projectVerb.review', tone: 'primary', done: 'projectVerb.review.done',
      fields: [{ ...remark, label: 'projectVerb.objections' }],
    },
    { name: 'enter', label: 'projectVerb.enter', tone: 'primary', done: 'projectVerb.enter.done', fields: [remark] },
    { name: 'agree', label: 'projectVerb.agree', tone: 'primary', done: 'projectVerb.agree.done', fields: [remark] },
    {
      name: 'plan', label: 'projectVerb.plan', tone: 'primary', done: 'projectVerb.plan.done',
      fields: [
        { kind: 'select', name: 'year', label: 'projectVerb.year', options: years.map((year) => ({ value: year, label: year })), required: true },
        remark,
      ],
      body: (values) => ({ ...values, year: Number(values.year) }),
    },
    { name: 'start', label: 'projectVerb.start', tone: 'primary', done: 'projectVerb.start.done', fields: [remark] },
    {
      name: 'complete', label: 'projectVerb.complete', tone: 'primary', done: 'projectVerb.complete.done',
      fields: [{ ...reason, label: 'projectVerb.found' }],
    },
    {
      name: 'hand-over', label: 'projectVerb.handOver', tone: 'primary', done: 'projectVerb.handOver.done',
      fields: [{ kind: 'text', name: 'handed_to', label: 'projectVerb.keeper', required: true }, remark],
    },
    { name: 'unplan', label: 'projectVerb.unplan', done: 'projectVerb.unplan.done', fields: [reason] },
    { name: 'return', label: 'projectVerb.return', done: 'projectVerb.return.done', fields: [{ ...reason, label: 'verb.missingWhat' }] },
    { name: 'reject', label: 'projectVerb.reject', tone: 'danger', done: 'projectVerb.reject.done', fields: [reason] },
    { name: 'leave', label: 'projectVerb.leave', tone: 'danger', done: 'projectVerb.leave.done', fields: [reason] },
  ]
}
