/** The verbs of a joint meeting and of what it decided, as its page shows them; changing and recording have forms of their own. */
import type { Verb } from '../../app/verbs'

export const MEETING_VERBS: Verb[] = [
  {
    name: 'confirm', label: 'meetingVerb.confirm', tone: 'primary', done: 'meetingVerb.confirm.done',
    fields: [{ kind: 'area', name: 'remark', label: 'verb.remark', hint: 'verb.shownBoth' }],
  },
  {
    name: 'cancel', label: 'meetingVerb.cancel', tone: 'danger', done: 'meetingVerb.cancel.done',
    fields: [{ kind: 'area', name: 'remark', label: 'verb.reason', hint: 'verb.shownBoth', required: true }],
  },
]

export const DECISION_VERBS: Verb[] = [
  {
    name: 'settle', label: 'meetingVerb.settle', tone: 'primary', done: 'meetingVerb.settle.done',
    fields: [{ kind: 'area', name: 'remark', label: 'meetingVerb.settle.how', hint: 'verb.shownBoth', required: true }],
  },
  {
    name: 'reopen', label: 'meetingVerb.reopen', done: 'meetingVerb.reopen.done',
    fields: [{ kind: 'area', name: 'remark', label: 'verb.reason', hint: 'verb.shownBoth', required: true }],
  },
]
