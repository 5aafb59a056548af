/** Administrative divisions and what is publicly known about them. */
import { get, type Query } from './client'
import type { CountiesMap, FiscalSeries, Page, PlaceRead, PlaceRow, PublishedRecord } from './types'

export function searchPlaces(query: Query, signal?: AbortSignal): Promise<Page<PlaceRow>> {
  return get('/places', query, signal)
}

export function fetchPlace(code: string): Promise<PlaceRead> {
  return get(`/places/${code}`)
}

export function fetchCountiesMap(): Promise<CountiesMap> {
  return get('/places/counties-map')
}

export function listPublishedRecords(code: string, query: Query): Promise<Page<PublishedRecord>> {
  return get(`/places/${code}/published-records`, query)
}

export function fetchFiscal(code: string): Promise<FiscalSeries> {
  return get(`/places/${code}/fiscal`)
}

let provinces: Promise<PlaceRow[]> | null = null

export function listProvinces(): Promise<PlaceRow[]> {
  provinces ??= searchPlaces({ level: 'province', limit: 50 }).then(
    (page) => page.items,
    (error) => {
      provinces = null
      throw error
    },
  )
  return provinces
}
