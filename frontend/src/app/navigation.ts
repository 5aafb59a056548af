/** The main navigation: everybody but who only looks after the platform sees the field's records; the tools of coordination are for those who coordinate or oversee. */
import type { Key } from '../lib/i18n/translate'

export interface NavigationItem {
  href: string
  label: Key
}

/** Looks after accounts and offices, and reads nothing of the field. */
const PLATFORM = 'platform_administrator'

const OVERSEEING = ['coordinator', 'leading_group_office', 'supervisor', 'auditor']
const ITEMS: (NavigationItem & { roles?: string[] })[] = [
  { href: '/', label: 'page.today' },
  { href: '/needs', label: 'page.needs' },
  { href: '/projects', label: 'page.projects' },
  { href: '/offers', label: 'page.offers' },
  { href: '/campaigns', label: 'page.campaigns' },
  { href: '/overdue', label: 'page.overdue', roles: OVERSEEING },
  { href: '/docking', label: 'page.docking', roles: OVERSEEING },
  { href: '/proposals', label: 'page.proposals' },
  { href: '/pledges', label: 'page.pledges' },
  { href: '/ledger', label: 'page.ledger' },
  { href: '/pairings', label: 'page.pairings' },
  { href: '/board', label: 'page.board', roles: OVERSEEING },
  { href: '/map', label: 'page.map' },
  { href: '/participants', label: 'page.participants', roles: [...OVERSEEING, PLATFORM] },
  { href: '/audit', label: 'page.trail', roles: OVERSEEING },
  { href: '/admin/users', label: 'page.users', roles: [PLATFORM] },
]

/** Whether the field's records are for somebody with these roles. */
export function readsField(roles: string[]): boolean {
  return roles.length === 0 || roles.some((role) => role !== PLATFORM)
}

export function navigationFor(roles: string[]): NavigationItem[] {
  return ITEMS.filter((item) => {
    if (item.roles) return item.roles.some((role) => roles.includes(role))
    return item.href === '/' || readsField(roles)
  })
}
