/** Resource types: small, the same for everybody, so fetched once. */
import { get } from './client'
import type { Page, ResourceType } from './types'

let types: Promise<ResourceType[]> | null = null

export function listTypes(): Promise<ResourceType[]> {
  types ??= get<Page<ResourceType>>('/resource-types').then(
    (page) => page.items,
    (error) => {
      types = null
      throw error
    },
  )
  return types
}
