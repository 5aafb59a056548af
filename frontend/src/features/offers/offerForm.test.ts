import { expect, it } from 'vitest'
import type { ResourceType } from '../../api/types'
import { emptyOffer, faultsOf, offerInput, type OfferForm } from './offerForm'

const teacher: ResourceType = {
  code: 'teacher', head: 'talent', name: { zh: '支教教师', en: 'Supporting teacher' }, unit: 'person', decimals: 0, is_money: false,
  bound: 'cap', reach: 'open', accepted_units: {}, checklist: [], evidence: [],
}
const filled: OfferForm = { ...emptyOffer('wan', '2019-06-03'), typeCode: 'teacher', title: '数学教师', amount: '二十', to: '2020-07-01', skills: '数学，物理' }

it('sends people as whole numbers with their skills', () => {
  expect(faultsOf(filled, teacher, '2019-06-03')).toEqual({})
  const input = offerInput(filled, teacher)
  expect(input.quantity).toEqual({ value: '20', unit: 'person' })
  expect(input.skills).toEqual(['数学', '物理'])
  expect(input.max_receivers).toBeNull()
})

it('asks for a place where only some places are served', () => {
  expect(Object.keys(faultsOf({ ...filled, restriction: 'places' }, teacher, '2019-06-03'))).toEqual(['restriction.places'])
})

it('keeps a type of the pairing inside the pairing', () => {
  expect(offerInput(filled, { ...teacher, reach: 'pairing' }).restriction).toEqual({ kind: 'paired', places: [] })
})

it('refuses a smallest lot that is more than the whole', () => {
  expect(faultsOf({ ...filled, minLot: '30' }, teacher, '2019-06-03').min_lot?.key).toBe('form.minTooLarge')
})
