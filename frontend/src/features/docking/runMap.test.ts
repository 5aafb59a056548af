import { describe, expect, it } from 'vitest'
import type { CountyCoverage, RunFlow } from '../../api/types'
import { giversOf } from '../../lib/givers'
import { runKindOf } from './runMap'

const county = (needs: number, after: number) => ({ needs, before: 0, after, place: { code: '610925' } }) as CountyCoverage
const flow = (code: string | null) => ({ giver: code && { code }, county: { code: '610925' }, suggestions: 1, types: [] }) as unknown as RunFlow

describe('a county on the map of a run', () => {
  it('is unknown where the run saw no need', () => {
    expect(runKindOf(undefined)).toBe('none')
    expect(runKindOf(county(0, 0))).toBe('none')
  })

  it('is what the suggestions would make it', () => {
    expect(runKindOf(county(2, 0))).toBe('open')
    expect(runKindOf(county(2, 0.0001))).toBe('touched')
    expect(runKindOf(county(2, 0.9999))).toBe('touched')
    expect(runKindOf(county(2, 1))).toBe('fulfilled')
  })
})

describe('the givers of flows', () => {
  it('are named once, and not at all where their place is hidden', () => {
    expect(giversOf([flow('320100'), flow(null), flow('310000'), flow('320100')]).map((giver) => giver.code)).toEqual(['320100', '310000'])
  })
})
