/** The address bar as state: path, parameters of the route, and the query in which every list keeps its view. */
import { matchPath } from '../lib/paths'
import { routes, type Route } from './routes'

export interface Place {
  path: string
  query: URLSearchParams
  route: Route | null
  params: Record<string, string>
}

let place = $state.raw<Place>(read())
let entered = $state(0)

function read(): Place {
  const path = window.location.pathname.replace(/(.)\/$/, '$1')
  const query = new URLSearchParams(window.location.search)
  for (const route of routes) {
    const params = matchPath(route.path, path)
    if (params) return { path, query, route, params }
  }
  return { path, query, route: null, params: {} }
}

export function here(): Place {
  return place
}

/** Counts arrivals at another page, not changes of the query: the shell moves the focus then. */
export function arrivals(): number {
  return entered
}

export function navigate(url: string, options: { replace?: boolean } = {}): void {
  const before = place.path
  if (options.replace) history.replaceState({ step: stepsHere() }, '', url)
  else history.pushState({ step: stepsHere() + 1 }, '', url)
  place = read()
  if (place.path !== before) {
    entered += 1
    window.scrollTo(0, 0)
  }
}

/** How many steps back stay inside this visit. */
export function stepsHere(): number {
  return (history.state as { step?: number } | null)?.step ?? 0
}

/** The present address with some query fields changed; an empty value takes the field out. */
export function withQuery(changes: Record<string, string | null | undefined>): string {
  const query = new URLSearchParams(place.query)
  for (const [name, value] of Object.entries(changes)) {
    if (value) query.set(name, value)
    else query.delete(name)
  }
  const text = query.toString()
  return place.path + (text ? `?${text}` : '')
}

function followedHere(event: MouseEvent): HTMLAnchorElement | null {
  if (event.defaultPrevented || event.button !== 0) return null
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null
  const link = (event.target as Element).closest?.('a')
  if (!link || link.target || link.hasAttribute('download') || link.origin !== window.location.origin) return null
  return link.getAttribute('href')?.startsWith('#') ? null : link
}

export function startRouter(): void {
  window.addEventListener('popstate', () => {
    const before = place.path
    place = read()
    if (place.path !== before) entered += 1
  })
  document.addEventListener('click', (event) => {
    const link = followedHere(event)
    const known = link && routes.some((route) => matchPath(route.path, link.pathname.replace(/(.)\/$/, '$1')))
    if (!link || !known) return
    event.preventDefault()
    navigate(link.pathname + link.search + link.hash)
  })
}
