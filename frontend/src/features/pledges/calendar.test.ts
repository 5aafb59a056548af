import { expect, test } from 'vitest'
import { changesOf, daysOf, faultsOf, textsOf, type Days } from './calendar'

const DAYS: Days = { urge_side_days: 3, urge_coordinator_days: 10, urge_office_days: 20, check_days: 180 }

test('a calendar survives being typed', () => {
  expect(daysOf(textsOf(DAYS))).toEqual(DAYS)
  expect(faultsOf(textsOf(DAYS))).toEqual({})
})

test('days outside of their range are found, and a step sooner than the one before it', () => {
  const texts = { ...textsOf(DAYS), urge_office_days: '9', check_days: '0' }
  expect(faultsOf(texts)).toEqual({ urge_office_days: 'order', check_days: 'outside' })
  expect(faultsOf({ ...texts, urge_coordinator_days: '1.5' })).toEqual({ urge_coordinator_days: 'outside', check_days: 'outside' })
})

test('two versions differ in what was changed alone', () => {
  expect(changesOf(DAYS, { ...DAYS, check_days: 90 })).toEqual([['check_days', 180, 90]])
})
