/** The verbs of a delivery, as its page shows them. */
import type { Delivery } from '../../api/types'
import type { Option } from '../../app/options.svelte'
import type { Verb, VerbField } from '../../app/verbs'

const voucher: VerbField = { kind: 'text', name: 'voucher', label: 'send.voucher', hint: 'send.voucherHint' }
const note: VerbField = { kind: 'area', name: 'note', label: 'send.note', hint: 'verb.shownBoth' }
const story: VerbField = { ...note, label: 'verb.whatHappened', required: true }

export const SHORTFALLS = ['quantity_short', 'quality', 'damaged', 'late', 'not_as_agreed', 'not_needed', 'other']

export function deliveryVerbs(delivery: Delivery, shortfalls: Option[]): Verb[] {
  const reason: VerbField = { kind: 'select', name: 'reason', label: 'verb.reason', options: shortfalls, required: true }
  return [
    { name: 'send', label: 'verb.send', tone: 'primary', done: 'verb.send.done', fields: [voucher, note] },
    { name: 'accept', label: 'verb.accept', tone: 'primary', done: 'verb.accept.done', confirm: 'verb.accept.confirm', fields: [voucher, note] },
    {
      name: 'accept_short', label: 'verb.accept_short', done: 'verb.accept_short.done',
      fields: [
        { kind: 'quantity', name: 'accepted', label: 'delivery.accepted', measure: delivery.resource_type, required: true },
        reason, voucher, note,
      ],
    },
    { name: 'arrive', label: 'verb.arrive', done: 'verb.arrive.done', fields: [voucher, note] },
    { name: 'inspect', label: 'verb.inspect', done: 'verb.inspect.done', fields: [voucher, note] },
    { name: 'reject', label: 'verb.rejectDelivery', tone: 'danger', done: 'verb.rejectDelivery.done', fields: [reason, note] },
    { name: 'dispute', label: 'verb.dispute', done: 'verb.dispute.done', fields: [story] },
    { name: 'lose', label: 'verb.lose', tone: 'danger', done: 'verb.lose.done', fields: [story] },
  ]
}
