/** The verbs of a pledge, as its page shows them. */
import type { Pledge } from '../../api/types'
import { named, t } from '../../app/language.svelte'
import { worded, type Option } from '../../app/options.svelte'
import { nested, type Verb, type VerbField } from '../../app/verbs'

const reason: VerbField = { kind: 'area', name: 'remark', label: 'verb.reason', hint: 'verb.shownBoth', required: true }
const remark: VerbField = { kind: 'area', name: 'remark', label: 'verb.remark', hint: 'verb.shownBoth' }

const METHODS = ['invoice', 'market_price', 'agreed_price', 'cost', 'budget_price', 'appraisal']
const YUAN = { unit: 'fen', is_money: true, decimals: 0 }

/** `larger` are the pledges of which this one may become a part. */
export function pledgeVerbs(pledge: Pledge, larger: Option[]): Verb[] {
  return [
    {
      name: 'sign', label: pledge.amendment ? 'verb.signAmendment' : 'verb.sign', tone: 'primary', done: 'verb.sign.done', confirm: 'verb.sign.confirm',
      // The hash of the very text on the page: had it changed meanwhile, the server refuses.
      body: () => ({ text_hash: pledge.amendment?.text_hash ?? pledge.text_hash }),
    },
    {
      name: 'amend', label: 'verb.amendPledge', done: 'verb.amendPledge.done',
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
    {
      name: 'value', label: 'verb.value', done: 'verb.value.done',
      fields: [
        { kind: 'quantity', name: 'value', label: 'verb.value.value', hint: 'verb.value.hint', measure: YUAN, initial: pledge.valuation?.value, required: true },
        { kind: 'select', name: 'method', label: 'value.method', options: worded('value.method', METHODS), initial: pledge.valuation?.method ?? 'invoice', required: true },
        { kind: 'text', name: 'source', label: 'value.source', hint: 'value.sourceHint', initial: pledge.valuation?.source, required: true },
      ],
    },
    { name: 'confirm_value', label: 'verb.confirm_value', done: 'verb.confirm_value.done', confirm: 'verb.confirm_value.confirm' },
    {
      name: 'sources', label: 'verb.sources', done: 'verb.sources.done',
      fields: [
        { kind: 'participant', name: 'paid_by', label: 'pledge.paidBy', hint: 'verb.sources.hint', initial: pledge.paid_by_id, named: named(pledge.paid_by), required: true },
        { kind: 'participant', name: 'mobilised_by', label: 'pledge.mobilisedBy', hint: 'verb.sources.hint', initial: pledge.mobilised_by_id ?? '', named: pledge.mobilised_by ? named(pledge.mobilised_by) : '' },
      ],
    },
    {
      name: 'part_of', label: 'verb.part_of', done: 'verb.part_of.done',
      fields: [
        { kind: 'select', name: 'pledge_id', label: 'verb.part_of.larger', hint: 'verb.part_of.hint', options: [{ value: '', label: t('verb.part_of.none') }, ...larger], initial: pledge.part_of ?? '' },
      ],
      body: (values) => ({ pledge_id: values.pledge_id ?? null }),
    },
    { name: 'suspend', label: 'verb.suspend', done: 'verb.suspend.done', fields: [reason] },
    { name: 'resume', label: 'verb.resume', done: 'verb.resume.done', fields: [remark] },
    { name: 'close', label: 'verb.close', done: 'verb.close.done', fields: [remark] },
    { name: 'terminate', label: 'verb.terminate', tone: 'danger', done: 'verb.terminate.done', fields: [reason] },
    { name: 'write_off', label: 'verb.write_off', tone: 'danger', done: 'verb.write_off.done', fields: [reason] },
    { name: 'cancel', label: 'verb.cancel', tone: 'danger', done: 'verb.cancel.done', fields: [reason] },
  ]
}
