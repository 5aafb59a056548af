import { describe, expect, it } from 'vitest'
import type { DeclineReason } from '../../api/types'
import { blank, changesOf, faultsOf, reasonsOf, typed } from './declines'

const reason = (code: string, days = 30, retired = false): DeclineReason => ({
  code, text: { zh: `原因${code}`, en: `Reason ${code}` }, cool_down_days: days, retired,
})

describe('the reasons to decline', () => {
  it('are sent as they were read where nothing is typed', () => {
    const reasons = [reason('other'), reason('old_one', 0, true)]
    expect(reasonsOf(typed(reasons))).toEqual(reasons)
    expect(faultsOf(typed(reasons))).toEqual([[], []])
  })

  it('have both languages, a code of their own and days within two years', () => {
    const wrong = { ...blank(), code: 'other', zh: ' ', days: '731' }
    expect(faultsOf([...typed([reason('other')]), wrong])[1]).toEqual(['code', 'zh', 'en', 'days'])
  })

  it('say what became of each between two versions', () => {
    const before = [reason('a1'), reason('b1', 30, true), reason('c1')]
    const after = [reason('a1', 30, true), reason('b1'), reason('c1', 10), reason('d1')]
    expect(changesOf(before, after).map(({ reason: each, change, old }) => [each.code, change, old])).toEqual([
      ['a1', 'retired', undefined], ['b1', 'taken_back', undefined], ['c1', 'days', 30], ['d1', 'added', undefined],
    ])
  })
})
