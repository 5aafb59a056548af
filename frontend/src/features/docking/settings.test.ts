import { expect, test } from 'vitest'
import { changesOf, faultsOf, settingsOf, textsOf, type Settings } from './settings'

const SETTINGS: Settings = {
  weights: { own_pair: 300, home_pair: 120, continuity: 150, distance: 200, skill: 20, priority: 60, poverty: 80, deadline: 100, incumbent: 5 },
  max_sources: 6, offer_candidates: 24, need_candidates: 6, fairness: 50, own_pair_days: 15,
}
const RANGES = Object.fromEntries(
  ['max_sources', 'offer_candidates', 'need_candidates', 'fairness', 'own_pair_days', 'weights'].map((name) => [name, { least: 0, most: 100 }]),
)
RANGES.weights = { least: 0, most: 5000 }

test('settings survive being typed', () => {
  expect(settingsOf(textsOf(SETTINGS))).toEqual(SETTINGS)
})

test('what is no whole number within its range is found', () => {
  const texts = { ...textsOf(SETTINGS), fairness: '101', own_pair: '-1', distance: '1.5', max_sources: '' }
  expect(Object.keys(faultsOf(texts, RANGES)).sort()).toEqual(['distance', 'fairness', 'max_sources', 'own_pair'])
  expect(faultsOf(textsOf(SETTINGS), RANGES)).toEqual({})
})

test('two versions differ in what was changed alone', () => {
  const after = { ...SETTINGS, fairness: 80, weights: { ...SETTINGS.weights, distance: 0 } }
  expect(changesOf(SETTINGS, after)).toEqual([['distance', 200, 0], ['fairness', 50, 80]])
})
