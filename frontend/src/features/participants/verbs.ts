/** The verbs of a participant: what the office that oversees its seat may do beside verifying it, which has its own dialog. */
import type { Verb } from '../../app/verbs'

export function participantVerbs(): Verb[] {
  return [
    { name: 'return', label: 'verb.return', done: 'verb.return.done', fields: [{ kind: 'area', name: 'remark', label: 'verb.missingWhat', required: true }] },
    { name: 'reject', label: 'verb.reject', tone: 'danger', done: 'verb.reject.done', fields: [{ kind: 'area', name: 'remark', label: 'verb.reason', required: true }] },
    {
      name: 'merge', label: 'verb.merge', tone: 'danger', done: 'verb.merge.done',
      fields: [
        { kind: 'participant', name: 'into_id', label: 'merge.into', hint: 'merge.hint', required: true },
        { kind: 'area', name: 'remark', label: 'verb.reason', required: true },
      ],
    },
    { name: 'suspend', label: 'verb.suspend', tone: 'danger', done: 'verb.suspend.done', fields: [{ kind: 'area', name: 'remark', label: 'verb.reason', required: true }] },
  ]
}
