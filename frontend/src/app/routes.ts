/** Every page of the client: its address, its title, and how its code is fetched. */
import type { Component } from 'svelte'
import type { Key } from '../lib/i18n/translate'

export interface Route {
  path: string
  /** The document's title until the page sets a better one. */
  title: Key
  /** Which item of the navigation is current here. */
  section: string
  load: () => Promise<{ default: Component<{ params: Record<string, string> }> }>
}

type Page = Promise<{ default: Component<{ params: Record<string, string> }> }>

function route(path: string, title: Key, load: () => Promise<{ default: unknown }>): Route {
  return { path, title, section: `/${path.split('/')[1]}`, load: load as () => Page }
}

export const routes: Route[] = [
  route('/', 'page.today', () => import('../features/today/TodayPage.svelte')),
]
