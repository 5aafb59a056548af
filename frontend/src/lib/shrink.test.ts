import { expect, it } from 'vitest'
import { fitted, shrunk } from './shrink'

it('keeps the proportions and makes nothing larger', () => {
  expect(fitted(4000, 3000, 1600)).toEqual({ width: 1600, height: 1200 })
  expect(fitted(3000, 4000, 1600)).toEqual({ width: 1200, height: 1600 })
  expect(fitted(800, 600, 1600)).toEqual({ width: 800, height: 600 })
  expect(fitted(10000, 1, 1600)).toEqual({ width: 1600, height: 1 })
})

it('leaves documents and small pictures as they are', async () => {
  for (const file of [new Blob(['%PDF-'], { type: 'application/pdf' }), new Blob(['x'], { type: 'image/jpeg' })]) {
    expect(await shrunk(file)).toBe(file)
  }
})
