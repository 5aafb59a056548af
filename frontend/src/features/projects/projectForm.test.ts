import { expect, it } from 'vitest'
import { emptyProject, faultsOf, projectInput, type ProjectForm } from './projectForm'

const TODAY = '2019-06-03'

function typed(changes: Partial<ProjectForm>): ProjectForm {
  const whole = { placeCode: '530326', title: '通组道路', to: '2020-06-30', cost: '100' }
  return { ...emptyProject('wan', TODAY), ...whole, ...changes }
}

it('reads sums in the unit of the form, and what is written with its own', () => {
  const sources = [{ kind: 'central', name: '', amount: '40' }, { kind: 'county', name: '', amount: '10万元' }]
  const form = typed({ sources })
  expect(faultsOf(form, TODAY)).toEqual({})
  const input = projectInput(form)
  expect(input.cost).toEqual({ amount_fen: 100_000_000 })
  expect(input.sources.map((source) => source.amount.amount_fen)).toEqual([40_000_000, 10_000_000])
})

it('says which source cannot be read, and when they are more than the cost', () => {
  const unread = typed({ sources: [{ kind: 'central', name: '', amount: '很多' }] })
  expect(Object.keys(faultsOf(unread, TODAY))).toEqual(['sources.0'])
  const over = typed({ sources: [{ kind: 'central', name: '', amount: '100.000001' }] })
  expect(Object.keys(faultsOf(over, TODAY))).toEqual(['sources'])
})

it('keeps the villages of a task whose title stays', () => {
  const input = projectInput(typed({ tasks: ['路基', ' ', '路面'] }), [{ title: '路面', villages: ['向阳村'], detail: '' }])
  expect(input.tasks).toEqual([{ title: '路基', villages: [], detail: '' }, { title: '路面', villages: ['向阳村'], detail: '' }])
})
