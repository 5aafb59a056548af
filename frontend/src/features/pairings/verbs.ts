/** The verbs of a pairing, as its page shows them. */
import type { Verb, VerbField } from '../../app/verbs'

const remark: VerbField = { kind: 'area', name: 'remark', label: 'verb.remark' }
const reason: VerbField = { kind: 'area', name: 'remark', label: 'verb.reason', required: true }

export function pairingVerbs(): Verb[] {
  return [
    { name: 'confirm', label: 'verb.confirm', tone: 'primary', done: 'verb.confirm.done', fields: [remark] },
    { name: 'activate', label: 'verb.activate', tone: 'primary', done: 'verb.activate.done', fields: [remark] },
    { name: 'adjust', label: 'verb.adjust', done: 'verb.adjust.done', fields: [{ ...reason, label: 'verb.adjust.what' }] },
    {
      name: 'settle', label: 'verb.settle', tone: 'primary', done: 'verb.settle.done',
      fields: [{ kind: 'date', name: 'valid_to', label: 'verb.lastDay', hint: 'verb.lastDayOpen' }, remark],
    },
    {
      name: 'end', label: 'verb.end', tone: 'danger', done: 'verb.end.done', confirm: 'verb.end.confirm',
      fields: [{ kind: 'date', name: 'valid_to', label: 'verb.lastDay', required: true }, reason],
    },
  ]
}
