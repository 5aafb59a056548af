/** The verbs of a pledge, as its page shows them. */
import type { Pledge } from '../../api/types'
import { worded } from '../../app/options.svelte'
import { nested, type Verb, type VerbField } from '../../app/verbs'

const reason: VerbField = { kind: 'area', name: 'remark', label: 'verb.reason', hint: 'verb.shownBoth', required: true }
const remark: VerbField = { kind: 'area', name: 'remark', label: 'verb.remark', hint: 'verb.shownBoth' }

export function pledgeVerbs(pledge: Pledge): Verb[] {
  return [
    {
      name: 'sign', label: pledge.amendment ? 'verb.signAmendment' : 'verb.sign', tone: 'primary', done: 'verb.sign.done', confirm: 'verb.sign.confirm',
      // The hash of the very text on the page: had it changed meanwhile, the server refuses.
      body: () => ({ text_hash: pledge.amendment?.text_hash ?? pledge.text_hash }),
    },
    {
      name: 'amend', label: 'verb.amend', done: 'verb.amend.done',
      fields: [
        { kind: 'quantity', name: 'quantity', label: 'verb.amend.quantity', hint: 'verb.amend.quantityHint', measure: pledge.resource_type, initial: pledge.quantity, required: true },
        { kind: 'date', name: 'window.from', label: 'verb.amend.from', initial: pledge.window.from, required: true },
        { kind: 'date', name: 'window.to', label: 'verb.amend.to', initial: pledge.window.to, required: true },
        { kind: 'area', name: 'terms', label: 'verb.amend.terms', initial: pledge.terms },
        { kind: 'area', name: 'note', label: 'verb.amend.note', hint: 'verb.shownBoth', required: true },
      ],
      body: (values) => ({ terms: '', ...nested(values) }),
    },
    { name: 'decline_amendment', label: 'verb.decline_amendment', done: 'verb.decline_amendment.done', fields: [remark] },
    {
      name: 'urge', label: 'verb.urge', done: 'verb.urge.done',
      fields: [{ kind: 'date', name: 'deadline', label: 'verb.urge.deadline' }, remark],
    },
    {
      name: 'explain', label: 'verb.explain', done: 'verb.explain.done',
      fields: [
        { kind: 'select', name: 'owner', label: 'variance.owner', options: worded('variance.side', ['giver', 'county']), initial: pledge.variance.owner ?? 'giver', required: true },
        { kind: 'area', name: 'note', label: 'variance.note', hint: 'verb.shownBoth', initial: pledge.variance.note, required: true },
      ],
    },
    { name: 'suspend', label: 'verb.suspend', done: 'verb.suspend.done', fields: [reason] },
    { name: 'resume', label: 'verb.resume', done: 'verb.resume.done', fields: [remark] },
    { name: 'close', label: 'verb.close', done: 'verb.close.done', fields: [remark] },
    { name: 'terminate', label: 'verb.terminate', tone: 'danger', done: 'verb.terminate.done', fields: [reason] },
    { name: 'write_off', label: 'verb.write_off', tone: 'danger', done: 'verb.write_off.done', fields: [reason] },
    { name: 'cancel', label: 'verb.cancel', tone: 'danger', done: 'verb.cancel.done', fields: [reason] },
  ]
}
