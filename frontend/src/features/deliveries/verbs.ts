/** The verbs of a delivery, as its page shows them. */
import type { Delivery, Step } from '../../api/types'
import { named, t } from '../../app/language.svelte'
import type { Option } from '../../app/options.svelte'
import type { Verb, VerbField } from '../../app/verbs'

const voucher: VerbField = { kind: 'text', name: 'voucher', label: 'send.voucher', hint: 'send.voucherHint' }
const note: VerbField = { kind: 'area', name: 'note', label: 'send.note', hint: 'verb.shownBoth' }
const story: VerbField = { ...note, label: 'verb.whatHappened', required: true }

export const SHORTFALLS = ['quantity_short', 'quality', 'damaged', 'late', 'not_as_agreed', 'not_needed', 'other']

/** How the button of a stage reads, as 登记到账. */
export function stageLabel(step: Step): string {
  return t('stage.record', { stage: named(step.name) })
}

export function deliveryVerbs(delivery: Delivery, shortfalls: Option[]): Verb[] {
  const reason: VerbField = { kind: 'select', name: 'reason', label: 'verb.reason', options: shortfalls, required: true }
  return [
    { name: 'accept', label: 'verb.accept', tone: 'primary', done: 'verb.accept.done', confirm: 'verb.accept.confirm', fields: [voucher, note] },
    {
      name: 'accept_short', label: 'verb.accept_short', done: 'verb.accept_short.done',
      fields: [
        { kind: 'quantity', name: 'accepted', label: 'delivery.accepted', measure: delivery.resource_type, required: true },
        reason, voucher, note,
      ],
    },
    { name: 'reject', label: 'verb.rejectDelivery', tone: 'danger', done: 'verb.rejectDelivery.done', fields: [reason, note] },
    {
      name: 'settle', label: 'verb.settleDispute', tone: 'primary', done: 'verb.settleDispute.done', confirm: 'verb.settleDispute.confirm',
      fields: [
        {
          kind: 'quantity', name: 'accepted', label: 'verb.settleDispute.accepted', hint: 'verb.settleDispute.none', measure: delivery.resource_type,
          initial: delivery.dispute?.county ?? delivery.dispute?.giver,
        },
        reason, { ...story, label: 'verb.settleDispute.note' },
      ],
    },
    {
      name: 'consent', label: 'verb.consent', tone: 'primary', done: 'verb.consent.done',
      confirm: delivery.surplus?.text_hash ? 'verb.consent.raises' : 'verb.consent.confirm', fields: [note],
      // The hash of the amended text as the page was told of it: had it changed meanwhile, the server refuses.
      body: (values) => ({ ...values, ...(delivery.surplus?.text_hash ? { text_hash: delivery.surplus.text_hash } : {}) }),
    },
    { name: 'refuse_surplus', label: 'verb.refuse_surplus', done: 'verb.refuse_surplus.done', fields: [{ ...note, name: 'remark' }] },
    {
      name: 'surplus', label: 'verb.surplus', done: 'verb.surplus.done',
      fields: [
        { kind: 'quantity', name: 'arrived', label: 'verb.surplus.arrived', measure: delivery.resource_type, required: true },
        story,
      ],
    },
    { name: 'correct', label: 'verb.correct', tone: 'danger', done: 'verb.correct.done', confirm: 'verb.correct.confirm', fields: [story] },
    { name: 'dispute', label: 'verb.dispute', done: 'verb.dispute.done', fields: [story] },
    { name: 'lose', label: 'verb.lose', tone: 'danger', done: 'verb.lose.done', fields: [story] },
  ]
}
