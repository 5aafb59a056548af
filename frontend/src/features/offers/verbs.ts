/** The verbs of an offer, as its page shows them. */
import type { Offer } from '../../api/types'
import type { Verb, VerbField } from '../../app/verbs'

const reason: VerbField = { kind: 'area', name: 'remark', label: 'verb.reason', hint: 'verb.shownBoth', required: true }
const remark: VerbField = { kind: 'area', name: 'remark', label: 'verb.remark', hint: 'verb.shownBoth' }

export function offerVerbs(offer: Offer): Verb[] {
  return [
    { name: 'publish', label: 'verb.publish', tone: 'primary', done: 'verb.publish.done' },
    {
      name: 'amend', label: 'verb.amend', done: 'verb.amend.done',
      fields: [
        { kind: 'quantity', name: 'quantity', label: 'verb.newQuantity', measure: offer.resource_type, initial: offer.quantity, required: true },
        reason,
      ],
    },
    { name: 'suspend', label: 'verb.suspend', done: 'verb.suspend.done', fields: [reason] },
    { name: 'resume', label: 'verb.resume', done: 'verb.resume.done', fields: [remark] },
    { name: 'withdraw', label: 'verb.withdraw', tone: 'danger', done: 'verb.withdraw.done', fields: [reason] },
  ]
}
