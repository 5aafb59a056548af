import { expect, test } from 'vitest'
import { detailsFor, emptyDetails } from './details'

test('what belongs to another kind is not sent', () => {
  const filled = { ...emptyDetails(), legal_representative: '陈静', mandate: ' 统筹协调 ', order_document: '' }
  expect(detailsFor('supervisor', filled)).toEqual({ order_document: '', mandate: '统筹协调' })
  expect(detailsFor('citizen', filled)).toEqual({})
})
