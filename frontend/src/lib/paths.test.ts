import { expect, it } from 'vitest'
import { matchPath } from './paths'

it('takes the parameters out of a path', () => {
  expect(matchPath('/needs/:id', '/needs/42')).toEqual({ id: '42' })
  expect(matchPath('/', '/')).toEqual({})
  expect(matchPath('/docking/runs/:id', '/docking/runs/a%20b')).toEqual({ id: 'a b' })
})

it('refuses what does not fit', () => {
  expect(matchPath('/needs/:id', '/needs/')).toBeNull()
  expect(matchPath('/needs/:id', '/needs/42/edit')).toBeNull()
  expect(matchPath('/needs/new', '/needs/old')).toBeNull()
})
