/** The choices of filters and forms: codes with their words, resource types, provinces. */
import { listTypes } from '../api/catalogue'
import { listProvinces } from '../api/places'
import type { ResourceType } from '../api/types'
import { named, word } from './language.svelte'
import { Resource } from './resource.svelte'

export interface Option {
  value: string
  label: string
}

export const HEADS = [
  'funds', 'industry', 'labour', 'talent', 'training', 'goods', 'works', 'consumption', 'education', 'health',
]

export function worded(group: string, codes: string[]): Option[] {
  return codes.map((code) => ({ value: code, label: word(group, code) }))
}

/** Resource types for a component; empty until they are here. */
export function useTypes(): Resource<ResourceType[]> {
  const types = new Resource(listTypes)
  void types.load()
  return types
}

export function typeOptions(types: ResourceType[] | undefined, head?: string | null): Option[] {
  return (types ?? []).filter((type) => !head || type.head === head).map((type) => ({ value: type.code, label: named(type.name) }))
}

/** Provinces as filter options; empty until they are here. */
export function useProvinces(): { readonly options: Option[] } {
  const provinces = new Resource(listProvinces)
  void provinces.load()
  return {
    get options() {
      return (provinces.data ?? []).map((province) => ({ value: province.code, label: named(province.name) }))
    },
  }
}
