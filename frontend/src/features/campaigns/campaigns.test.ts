import { expect, test } from 'vitest'
import type { CampaignAim, ResourceType } from '../../api/types'
import { daysBetween } from '../../lib/format'
import { campaignInput, emptyCampaign, faultsOf } from './campaignForm'
import { coverageOf, runOf } from './progress'

const TYPES = [
  { code: 'social_donation', unit: 'fen', decimals: 0, is_money: true, accepted_units: {} },
  { code: 'village_road', unit: 'km', decimals: 3, is_money: false, accepted_units: {} },
] as unknown as ResourceType[]
const CHOSEN = { host: false, charity: false }

test('an aim is read in the unit of its type, and money in the unit of the form', () => {
  const form = { ...emptyCampaign('wan', '2019-06-03'), hostId: 'h', title: '路', to: '2019-07-01' }
  form.aims = [{ typeCode: 'social_donation', amount: '50' }, { typeCode: 'village_road', amount: '2.5' }]
  expect(faultsOf(form, TYPES, '2019-06-03', CHOSEN)).toEqual({})
  expect(campaignInput(form, TYPES).aims.map((aim) => aim.quantity)).toEqual([{ amount_fen: 50_000_000 }, { value: '2.5', unit: 'km' }])
})

test('a type that stands twice, one that is missing and a figure that is none are named', () => {
  const form = { ...emptyCampaign('wan', '2019-06-03'), hostId: 'h', title: '路', to: '2019-07-01' }
  form.aims = [{ typeCode: 'village_road', amount: 'x' }, { typeCode: 'village_road', amount: '1' }, { typeCode: '', amount: '' }]
  expect(Object.keys(faultsOf(form, TYPES, '2019-06-03', CHOSEN))).toEqual(['aims.0.quantity', 'aims.1.resource_type', 'aims.2.resource_type'])
})

test('the bar takes what was accepted from what was promised', () => {
  const aim = { resource_type: { bound: 'cap' }, quantity: { value: '10', unit: 'km' }, pledged: { value: '6', unit: 'km' }, accepted: { value: '2', unit: 'km' } } as CampaignAim
  const { accepted, pledged, open } = coverageOf(aim)
  expect([accepted, pledged, open]).toEqual([{ value: '2', unit: 'km' }, { value: '4', unit: 'km' }, { value: '4', unit: 'km' }])
})

test('the last day counts', () => {
  const window = { from: '2019-06-03', to: '2019-06-05' }
  expect(['2019-06-02', '2019-06-03', '2019-06-05', '2019-06-06'].map((today) => runOf(window, today, daysBetween))).toEqual(['before', 3, 1, 'over'])
})
