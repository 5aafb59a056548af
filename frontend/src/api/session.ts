/** Signing in and out, and one's own profile. */
import { addressOf, get, request } from './client'
import type { ApiKey, FactorOffered, Me, Membership, NewApiKey, OpenId, OpenIdFinished, OwnSession, Page, RecoveryCodes, SecondFactor, SessionRead, Today, User } from './types'

export interface Credentials {
  identifier: string
  password: string
  /** Of the second factor, or a recovery code. */
  code?: string
}

export function fetchSession(): Promise<SessionRead> {
  return get('/session')
}

export function signIn(credentials: Credentials): Promise<SessionRead> {
  return request('POST', '/session', { body: credentials })
}

export function signOut(): Promise<void> {
  return request('DELETE', '/session')
}

export function beginOpenId(): Promise<{ address: string }> {
  return request('POST', '/session/openid')
}

export function finishOpenId(answer: { code: string; state: string; iss?: string }): Promise<OpenIdFinished> {
  return request('POST', '/session/openid/finish', { body: answer })
}

export function giveOpenIdCode(code: string): Promise<SessionRead> {
  return request('POST', '/session/openid/code', { body: { code } })
}

export function signOutOpenId(): Promise<{ address: string | null }> {
  return request('POST', '/session/openid/sign-out')
}

export function listOpenId(): Promise<Page<OpenId>> {
  return get('/me/openid')
}

export function linkOpenId(proof: { password: string; code?: string }): Promise<{ address: string }> {
  return request('POST', '/me/openid', { body: proof })
}

export function unlinkOpenId(id: string): Promise<void> {
  return request('DELETE', `/me/openid/${id}`)
}

export function fetchMe(): Promise<Me> {
  return get('/me')
}

export function changeMe(me: { version: number }, changes: Partial<Pick<User, 'name' | 'language' | 'theme'>>): Promise<Me> {
  return request('PATCH', '/me', { body: changes, version: me.version })
}

export function changePassword(passwords: { current: string; next: string }): Promise<void> {
  return request('POST', '/me/password', { body: passwords })
}

export function askForReset(identifier: string, language: string): Promise<void> {
  return request('POST', '/password-resets', { body: { identifier, language } })
}

export function resetPassword(body: { identifier: string; code: string; password: string }): Promise<void> {
  return request('POST', '/password-resets/confirm', { body })
}

export function fetchSecondFactor(): Promise<SecondFactor> {
  return get('/me/second-factor')
}

export function setUpSecondFactor(password: string): Promise<FactorOffered> {
  return request('POST', '/me/second-factor', { body: { password } })
}

export function confirmSecondFactor(code: string): Promise<RecoveryCodes> {
  return request('POST', '/me/second-factor/confirm', { body: { code } })
}

export function renewRecoveryCodes(code: string): Promise<RecoveryCodes> {
  return request('POST', '/me/second-factor/recovery-codes', { body: { code } })
}

export function turnOffSecondFactor(code: string): Promise<void> {
  return request('POST', '/me/second-factor/turn-off', { body: { code } })
}

export function listOwnSessions(): Promise<Page<OwnSession>> {
  return get('/me/sessions')
}

export function endSession(id: string): Promise<void> {
  return request('DELETE', `/me/sessions/${id}`)
}

export function listMemberships(): Promise<Page<Membership>> {
  return get('/me/memberships')
}

export function fetchToday(): Promise<Today> {
  return get('/me/today')
}

export function listApiKeys(): Promise<Page<ApiKey>> {
  return get('/me/api-keys')
}

export function createApiKey(body: { name: string; scopes: string[]; days: number }): Promise<NewApiKey> {
  return request('POST', '/me/api-keys', { body })
}

export function revokeApiKey(id: string): Promise<void> {
  return request('DELETE', `/me/api-keys/${id}`)
}

export function ownDataAddress(): string {
  return addressOf('/me/data', {})
}

export function askForErasure(proof: { password: string; code?: string }): Promise<Me> {
  return request('POST', '/me/erasure', { body: proof })
}

export function takeErasureBack(): Promise<Me> {
  return request('POST', '/me/erasure/take-back')
}
