/** Whom to call at a participant: names and numbers are read one at a time, for a purpose. */
import { get, request } from './client'
import type { Contact, ContactRevealed, NewContact, Page } from './types'

export function listContacts(participant: string): Promise<Page<Contact>> {
  return get(`/participants/${participant}/contacts`)
}

export function addContact(participant: string, body: NewContact): Promise<Contact> {
  return request('POST', `/participants/${participant}/contacts`, { body })
}

export function revealContact(participant: string, id: string, purpose: string): Promise<ContactRevealed> {
  return request('POST', `/participants/${participant}/contacts/${id}/reveal`, { body: { purpose } })
}

export function removeContact(participant: string, id: string): Promise<void> {
  return request('DELETE', `/participants/${participant}/contacts/${id}`)
}
