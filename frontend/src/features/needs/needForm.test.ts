import { expect, it } from 'vitest'
import type { ResourceType } from '../../api/types'
import { emptyNeed, faultsOf, needInput, type NeedForm } from './needForm'

const road: ResourceType = {
  code: 'village_road', head: 'works', name: { zh: '村组道路硬化', en: 'Hardened village road' }, unit: 'km', decimals: 3,
  is_money: false, bound: 'cap', reach: 'open', accepted_units: { m: '0.001', li: '0.5' }, checklist: [], evidence: [],
}
const today = '2019-06-03'
const filled: NeedForm = {
  ...emptyNeed('wan', today), placeCode: '610927', placeText: '镇坪县', typeCode: 'village_road', title: '三个组道路硬化',
  amount: '2.4', to: '2019-10-31', villages: '白坪村，牛头店村', households: '32',
}

it('accepts a filled form as a draft and asks for the necessity on submission', () => {
  expect(faultsOf(filled, road, today, false)).toEqual({})
  expect(faultsOf(filled, road, today, true)).toEqual({ necessity: { key: 'form.necessityMissing' } })
})

it('names every field that is missing', () => {
  const faults = faultsOf(emptyNeed('wan', today), undefined, today, false)
  expect(Object.keys(faults).sort()).toEqual(['place_code', 'resource_type', 'title', 'window.to'])
})

it('refuses a window that ends before it begins, or is over', () => {
  expect(faultsOf({ ...filled, to: '2019-06-02' }, road, today, false)['window.to']?.key).toBe('form.dateOrder')
  expect(faultsOf({ ...filled, from: '2019-05-01', to: '2019-06-02' }, road, today, false)['window.to']?.key).toBe('form.datePast')
})

it('refuses a smallest part that is more than the whole', () => {
  expect(faultsOf({ ...filled, minPart: '3' }, road, today, false).min_part?.key).toBe('form.minTooLarge')
})

it('sends what was typed, in the unit in which it was typed', () => {
  const input = needInput({ ...filled, amount: '2,400', unit: 'm' }, road)
  expect(input.quantity).toEqual({ value: '2400', unit: 'm' })
  expect(input.villages).toEqual(['白坪村', '牛头店村'])
  expect(input.beneficiaries).toEqual({ households: 32, persons: null })
})
