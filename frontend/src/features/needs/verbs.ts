/** The verbs of a need, as its page shows them. */
import type { Need } from '../../api/types'
import type { Option } from '../../app/options.svelte'
import type { Verb, VerbField } from '../../app/verbs'

const reason: VerbField = { kind: 'area', name: 'remark', label: 'verb.reason', hint: 'verb.shownBoth', required: true }
const remark: VerbField = { kind: 'area', name: 'remark', label: 'verb.remark', hint: 'verb.shownBoth' }

/** `alone`: the reader wrote the need and would decide on it, which is allowed only where nobody else could. Without `departments` an amendment leaves as it is whose agreement is asked for. */
export function needVerbs(need: Need, alone: boolean, departments?: Option[]): Verb[] {
  const asked: VerbField[] = departments
    ? [{ kind: 'select', name: 'department_id', label: 'needs.department', hint: 'needForm.departmentHint', options: departments, initial: need.department?.id ?? '' }]
    : []
  const decision = (values: Record<string, unknown>) => (alone ? { ...values, acting_alone: true } : values)
  const confirm = alone ? ('needs.alone' as const) : undefined
  return [
    { name: 'submit', label: 'verb.submit', tone: 'primary', done: 'verb.submit.done' },
    { name: 'review', label: 'verb.review', tone: 'primary', done: 'verb.review.done', confirm, body: decision },
    { name: 'publish', label: 'verb.publish', tone: 'primary', done: 'verb.publish.done', fields: [remark], confirm, body: decision },
    {
      name: 'return', label: 'verb.return', done: 'verb.return.done', confirm, body: decision,
      fields: [{ ...reason, label: 'verb.missingWhat' }],
    },
    { name: 'reject', label: 'verb.reject', tone: 'danger', done: 'verb.reject.done', fields: [reason], confirm, body: decision },
    { name: 'countersign', label: 'verb.countersign', tone: 'primary', done: 'verb.countersign.done', fields: [remark] },
    {
      name: 'amend', label: 'verb.amend', done: 'verb.amend.done',
      fields: [
        { kind: 'quantity', name: 'quantity', label: 'verb.newQuantity', measure: need.resource_type, initial: need.quantity, required: true },
        ...asked,
        reason,
      ],
      body: (values) => (departments ? { ...values, department_id: values.department_id || null } : values),
    },
    { name: 'suspend', label: 'verb.suspend', done: 'verb.suspend.done', fields: [reason] },
    { name: 'resume', label: 'verb.resume', done: 'verb.resume.done', fields: [remark] },
    { name: 'close', label: 'verb.close', done: 'verb.close.done', fields: [reason] },
    { name: 'withdraw', label: 'verb.withdraw', tone: 'danger', done: 'verb.withdraw.done', fields: [reason] },
  ]
}
