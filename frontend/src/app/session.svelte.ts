/** Who is signed in, what they may see in the navigation, and on which business date. */
import { configure } from '../api/client'
import { ApiProblem } from '../api/problems'
import { fetchSession, signIn as postSession, signOut as deleteSession, type Credentials } from '../api/session'
import type { Session } from '../api/types'
import { currentLanguage, useLanguage } from './language.svelte'
import { useTheme } from './theme.svelte'

let session = $state.raw<Session | null>(null)
let expired = $state(false)

export function currentSession(): Session | null {
  return session
}

/** The session ended while a page was open: the page stays as it is, and asks to sign in over itself. */
export function hasExpired(): boolean {
  return expired
}

export function hasRole(...roles: string[]): boolean {
  return session?.grants.some((grant) => roles.includes(grant.role)) ?? false
}

export function isMember(participantId: string | null | undefined): boolean {
  return session?.grants.some((grant) => grant.participant?.id === participantId) ?? false
}

/** The date on which the platform works, which in demo mode is not today's. */
export function businessDate(): string {
  return session?.business_date ?? new Date().toISOString().slice(0, 10)
}

async function adopt(next: Session): Promise<void> {
  configure({ csrfToken: next.csrf_token })
  useTheme(next.user.theme)
  if (next.user.language !== currentLanguage()) await useLanguage(next.user.language)
  session = next
  expired = false
}

/** Finds a session that the browser already has; null is no error. */
export async function resumeSession(): Promise<void> {
  configure({
    language: currentLanguage,
    onSignedOut: () => {
      expired = session !== null
    },
  })
  try {
    await adopt(await fetchSession())
  } catch (error) {
    if (!(error instanceof ApiProblem && error.status === 401)) throw error
  }
}

/** Signs in; whoever signs in over another person's open page starts from a fresh one. */
export async function signIn(credentials: Credentials): Promise<void> {
  const before = session?.user.id
  await postSession(credentials)
  const next = await fetchSession()
  if (before && before !== next.user.id) window.location.assign('/')
  await adopt(next)
}

export async function signOut(): Promise<void> {
  await deleteSession()
  // A full load forgets everything that this page held of the person who leaves.
  window.location.assign('/')
}

export function sessionChanged(user: Partial<Session['user']>): void {
  if (session) session = { ...session, user: { ...session.user, ...user } }
}
