/** Who is signed in, what they may see in the navigation, and on which business date. */
import { configure } from '../api/client'
import { beginOpenId as askProvider, changeMe, fetchMe, fetchSession, signIn as postSession, signOut as deleteSession, signOutOpenId, type Credentials } from '../api/session'
import { reopen } from '../api/stream'
import type { Grant, SessionRead, User } from '../api/types'
import { readsField } from './navigation'
import { currentLanguage, useLanguage } from './language.svelte'
import { useTheme } from './theme.svelte'

/** A session with somebody in it. */
export interface Session {
  user: User
  grants: Grant[]
  business_date: string
  demo: boolean
  /** The office asks for a second factor: until it is set up nothing else can be done. */
  second_factor_needed: boolean
}

/** What a visitor chose on the sign-in page, and what the profile is therefore to say. */
type Preference = Partial<Pick<User, 'language' | 'theme'>>

let platform = $state.raw<Pick<SessionRead, 'business_date' | 'demo' | 'openid'> | null>(null)
let session = $state.raw<Session | null>(null)
let preference: Preference = {}
let expired = $state(false)

export function currentSession(): Session | null {
  return session
}

/** The session ended while a page was open: the page stays as it is, and asks to sign in over itself. */
export function hasExpired(): boolean {
  return expired
}

/** Whether the field's records are for the reader's eyes: whoever only looks after the platform sees none. */
export function seesField(): boolean {
  return readsField(session?.grants.map((grant) => grant.role) ?? [])
}

export function hasRole(...roles: string[]): boolean {
  return session?.grants.some((grant) => roles.includes(grant.role)) ?? false
}

/** Whether the reader has one of the roles at this participant. */
export function hasRoleAt(participantId: string, ...roles: string[]): boolean {
  return session?.grants.some((grant) => grant.participant_id === participantId && roles.includes(grant.role)) ?? false
}

/** Whether the reader belongs to a participant: offices and supervisors look at everybody's. */
export function hasParticipant(): boolean {
  return session?.grants.some((grant) => grant.participant_id) ?? false
}

/** The date on which the platform works, which in demo mode is not today's. */
export function businessDate(): string {
  return platform?.business_date ?? new Date().toISOString().slice(0, 10)
}

/** Whether the data is a synthetic scenario, which every screen says. */
export function isDemo(): boolean {
  return platform?.demo ?? false
}

/** A visitor's choice before signing in: it outlasts the sign-in. */
export function prefer(choice: Preference): void {
  preference = { ...preference, ...choice }
}

/** The server has given this browser a session: everything from here on is that person's. */
export async function adopt(next: SessionRead): Promise<void> {
  configure({ csrfToken: next.csrf_token })
  platform = next
  if (!next.user) return
  useTheme(next.user.theme)
  if (next.user.language !== currentLanguage()) await useLanguage(next.user.language)
  session = { ...next, user: next.user }
  expired = false
  if (!next.second_factor_needed) reopen()
}

/** Finds a session that the browser already has. */
export async function resumeSession(): Promise<void> {
  configure({
    language: currentLanguage,
    onSignedOut: () => {
      expired = session !== null
    },
  })
  await adopt(await fetchSession())
}

/** Signs in; whoever signs in over another person's open page starts from a fresh one. */
export async function signIn(credentials: Credentials): Promise<void> {
  const before = session?.user.id
  const next = await postSession(credentials)
  if (before && before !== next.user?.id) window.location.assign('/')
  configure({ csrfToken: next.csrf_token })
  await adopt(Object.keys(preference).length > 0 ? { ...next, user: await changeMe(await fetchMe(), preference) } : next)
  preference = {}
}

/** How the identity provider is called through which one can sign in; null where there is none. */
export function providerName(): string | null {
  return platform?.openid ?? null
}

const CAME_FROM = 'jiedui.came-from'

/** Sends the browser to the identity provider; it comes back to the page on which this was asked. */
export async function beginOpenId(): Promise<void> {
  const { pathname, search } = window.location
  if (!pathname.startsWith('/sign-in/')) sessionStorage.setItem(CAME_FROM, pathname + search)
  window.location.assign((await askProvider()).address)
}

/** The page on which somebody asked to sign in. */
export function cameFrom(): string {
  const path = sessionStorage.getItem(CAME_FROM) ?? '/'
  sessionStorage.removeItem(CAME_FROM)
  return path
}

export async function signOut(): Promise<void> {
  if (providerName()) {
    const { address } = await signOutOpenId()
    if (address) return window.location.assign(address)
  } else await deleteSession()
  // A full load forgets everything that this page held of the person who leaves.
  window.location.assign('/')
}

/** The profile changed: the shell shows it at once. */
export function profileChanged(user: User): void {
  if (session) session = { ...session, user }
}
