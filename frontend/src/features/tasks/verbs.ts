/** The verbs of units' conditions and tasks, as their pages show them. */
import { assignTask, changeTask, recordCondition } from '../../api/tasks'
import type { Task } from '../../api/types'
import type { Option } from '../../app/options.svelte'
import type { Verb, VerbField } from '../../app/verbs'

const remark: VerbField = { kind: 'area', name: 'remark', label: 'verb.remark', hint: 'verb.shownBoth' }
const reason: VerbField = { kind: 'area', name: 'remark', label: 'verb.reason', hint: 'verb.shownBoth', required: true }
const words: VerbField = { kind: 'area', name: 'words', label: 'tasks.words', required: true }

/** How much is done, in steps of ten, from what was said before. */
function percents(before: number): Option[] {
  return Array.from({ length: 11 }, (_, step) => step * 10).filter((step) => step >= before).map((step) => ({ value: String(step), label: `${step}%` }))
}

function described(task?: Task): VerbField[] {
  return [
    { kind: 'text', name: 'title', label: 'tasks.title', required: true, initial: task?.title },
    { kind: 'area', name: 'description', label: 'needs.description', initial: task?.description },
    { kind: 'text', name: 'villages', label: 'campaigns.villages', hint: 'campaignForm.villagesHint', initial: task?.villages.join('、') },
    { kind: 'date', name: 'answer_by', label: 'tasks.answerBy', required: true, initial: task?.answer_by },
    { kind: 'date', name: 'due', label: 'tasks.due', required: true, initial: task?.due },
  ]
}

/** The values of a form as the interface takes them: villages stand in one line. */
function asked(values: Record<string, unknown>): Record<string, unknown> {
  const villages = String(values.villages ?? '').split(/[、，,;；\s]+/).filter(Boolean)
  return { ...values, description: values.description ?? '', villages }
}

export function taskVerbs(task: Task): Verb[] {
  return [
    { name: 'take-on', label: 'taskVerb.take_on', tone: 'primary', done: 'taskVerb.take_on.done', fields: [remark] },
    {
      name: 'report', label: 'taskVerb.report', tone: 'primary', done: 'taskVerb.report.done',
      fields: [words, { kind: 'select', name: 'percent', label: 'tasks.percent', options: percents(task.percent), initial: String(task.percent), required: true }],
      body: (values) => ({ words: values.words, percent: Number(values.percent) }),
    },
    { name: 'finish', label: 'taskVerb.finish', done: 'taskVerb.finish.done', fields: [words] },
    { name: 'accept', label: 'taskVerb.accept', tone: 'primary', done: 'taskVerb.accept.done', fields: [remark] },
    { name: 'send-back', label: 'taskVerb.send_back', done: 'taskVerb.send_back.done', fields: [reason] },
    {
      name: 'change', label: 'taskVerb.change', tone: task.status === 'returned' ? 'primary' : 'plain', done: 'taskVerb.change.done', fields: described(task),
      body: asked, run: (body) => changeTask(task, body),
    },
    { name: 'urge', label: 'taskVerb.urge', done: 'taskVerb.urge.done', fields: [{ kind: 'date', name: 'deadline', label: 'tasks.urgeBy' }, remark] },
    { name: 'return', label: 'taskVerb.return', done: 'taskVerb.return.done', fields: [reason] },
    { name: 'withdraw', label: 'taskVerb.withdraw', tone: 'danger', done: 'taskVerb.withdraw.done', fields: [reason] },
  ]
}

export function conditionVerbs(): Verb[] {
  return [{ name: 'withdraw', label: 'taskVerb.withdraw', tone: 'danger', done: 'taskVerb.withdrawCondition.done', fields: [reason] }]
}

export function recordVerb(pairingId: string, heads: Option[]): Verb {
  return {
    name: 'record-condition', label: 'taskVerb.record', tone: 'primary', done: 'taskVerb.record.done',
    fields: [
      { kind: 'select', name: 'head', label: 'filter.head', options: heads, initial: 'works', required: true },
      { kind: 'area', name: 'words', label: 'tasks.condition', hint: 'tasks.secret', required: true },
      { kind: 'date', name: 'valid_from', label: 'needForm.from' },
      { kind: 'date', name: 'valid_to', label: 'needForm.to' },
    ],
    run: (body, key) => recordCondition(pairingId, body, key),
  }
}

export function assignVerb(pairingId: string, conditions: Option[], counties: Option[]): Verb {
  return {
    name: 'assign', label: 'taskVerb.assign', tone: 'primary', done: 'taskVerb.assign.done',
    fields: [
      { kind: 'select', name: 'condition_id', label: 'tasks.condition', options: conditions, initial: conditions[0]?.value, required: true },
      { kind: 'select', name: 'county_id', label: 'tasks.county', options: counties, initial: counties[0]?.value, required: true },
      ...described(),
    ],
    body: asked,
    run: (body, key) => assignTask(pairingId, body, key),
  }
}
