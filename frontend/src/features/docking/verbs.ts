/** The verbs of a suggestion. */
import { proposeSuggestion } from '../../api/docking'
import type { Suggestion } from '../../api/types'
import type { Verb } from '../../app/verbs'

export function suggestionVerbs(suggestion: Suggestion): Verb[] {
  return [
    {
      name: 'propose', label: 'verb.propose', tone: 'primary', done: 'verb.propose.done', confirm: 'verb.propose.confirm',
      fields: [
        { kind: 'quantity', name: 'quantity', label: 'verb.quantity', measure: suggestion.resource_type, initial: suggestion.quantity, required: true },
        { kind: 'area', name: 'terms', label: 'proposal.terms', hint: 'proposal.termsHint' },
      ],
      run: (body, key) => proposeSuggestion(suggestion.id, body, key),
    },
    {
      name: 'dismiss', label: 'verb.dismiss', done: 'verb.dismiss.done',
      fields: [{ kind: 'area', name: 'remark', label: 'verb.reason', required: true }],
    },
    { name: 'reopen', label: 'verb.reopen', done: 'verb.reopen.done' },
  ]
}
