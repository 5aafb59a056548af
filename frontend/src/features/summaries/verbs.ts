/** The verbs of year-end material, as its page shows them. */
import { changeSummary } from '../../api/summaries'
import type { Summary } from '../../api/types'
import { word } from '../../app/language.svelte'
import type { Verb, VerbField } from '../../app/verbs'

const remark: VerbField = { kind: 'area', name: 'remark', label: 'verb.remark', hint: 'verb.shownBoth' }

export function summaryVerbs(summary: Summary, suggested: string): Verb[] {
  const opinions = ['agree', 'remarks'].map((value) => ({ value, label: word('summaries.opinion', value) }))
  return [
    {
      name: 'change', label: 'summaryVerb.change', done: 'summaryVerb.change.done',
      fields: [{ kind: 'area', name: 'body', label: 'summaryVerb.change.body', initial: summary.body || suggested }],
      run: (body) => changeSummary(summary, (body as { body?: string }).body ?? ''),
    },
    { name: 'consult', label: 'summaryVerb.consult', tone: 'primary', done: 'summaryVerb.consult.done', fields: [remark] },
    {
      name: 'answer', label: 'summaryVerb.answer', tone: 'primary', done: 'summaryVerb.answer.done',
      fields: [
        { kind: 'select', name: 'opinion', label: 'summaries.opinion', required: true, options: opinions, initial: 'agree' },
        { kind: 'area', name: 'remark', label: 'summaryVerb.answer.remark', hint: 'verb.shownBoth' },
      ],
    },
    { name: 'revise', label: 'summaryVerb.revise', done: 'summaryVerb.revise.done', confirm: 'summaryVerb.revise.confirm' },
  ]
}
