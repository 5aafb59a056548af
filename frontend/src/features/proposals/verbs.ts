/** The verbs of a proposal, as its page shows them. */
import type { DeclineReason, Proposal } from '../../api/types'
import type { Verb } from '../../app/verbs'

export function proposalVerbs(proposal: Proposal, reasons: DeclineReason[], name: (reason: DeclineReason) => string): Verb[] {
  return [
    { name: 'agree', label: 'verb.agree', tone: 'primary', done: 'verb.agree.done', confirm: 'verb.agree.confirm' },
    { name: 'endorse', label: 'verb.endorse', tone: 'primary', done: 'verb.endorse.done', confirm: 'verb.endorse.confirm' },
    {
      name: 'counter', label: 'verb.counter', done: 'verb.counter.done',
      fields: [
        { kind: 'quantity', name: 'quantity', label: 'verb.quantity', measure: proposal.resource_type, initial: proposal.quantity, required: true },
        { kind: 'date', name: 'window.from', label: 'verb.window.from', initial: proposal.window.from, required: true },
        { kind: 'date', name: 'window.to', label: 'verb.window.to', initial: proposal.window.to, required: true },
        { kind: 'area', name: 'terms', label: 'proposal.terms', hint: 'proposal.termsHint', initial: proposal.terms },
      ],
    },
    { name: 'renew', label: 'verb.renew', done: 'verb.renew.done' },
    {
      name: 'decline', label: 'verb.decline', tone: 'danger', done: 'verb.decline.done',
      fields: [
        { kind: 'select', name: 'code', label: 'verb.reason', options: reasons.map((reason) => ({ value: reason.code, label: name(reason) })), required: true },
        { kind: 'area', name: 'remark', label: 'verb.remark', hint: 'verb.shownBoth' },
      ],
    },
    {
      name: 'withdraw', label: 'verb.withdraw', tone: 'danger', done: 'verb.withdrawProposal.done',
      fields: [{ kind: 'area', name: 'remark', label: 'verb.remark', hint: 'verb.shownBoth' }],
    },
  ]
}
