/** The verbs of a yearly agreement, as its page shows them; changing and amending have a form of their own. */
import type { Agreement } from '../../api/types'
import type { Verb, VerbField } from '../../app/verbs'

const remark: VerbField = { kind: 'area', name: 'remark', label: 'verb.remark', hint: 'verb.shownBoth' }
const reason: VerbField = { kind: 'area', name: 'remark', label: 'verb.reason', hint: 'verb.shownBoth', required: true }

export function agreementVerbs(agreement: Agreement): Verb[] {
  return [
    {
      name: 'sign', label: agreement.amendment ? 'verb.signAmendment' : 'verb.sign', tone: 'primary', done: 'verb.sign.done', confirm: 'verb.sign.confirm',
      // The hash of the very text on the page: had it changed meanwhile, the server refuses.
      body: () => ({ text_hash: agreement.amendment?.text_hash ?? agreement.text_hash }),
    },
    { name: 'submit', label: 'agreementVerb.submit', tone: 'primary', done: 'agreementVerb.submit.done', fields: [remark] },
    { name: 'return', label: 'agreementVerb.return', done: 'agreementVerb.return.done', fields: [reason] },
    { name: 'decline-amendment', label: 'verb.decline_amendment', done: 'verb.decline_amendment.done', fields: [reason] },
    { name: 'withdraw', label: 'agreementVerb.withdraw', tone: 'danger', done: 'agreementVerb.withdraw.done', fields: [reason] },
  ]
}
