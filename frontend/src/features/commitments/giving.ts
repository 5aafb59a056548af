/** What the three steps ask, as it is kept on this device. */
import { newKey } from '../../api/client'
import type { OpenNeed } from '../../api/types'
import { isCreditCode } from '../../lib/creditCode'
import { getDraft, putDraft, removeDraft } from '../../lib/drafts'

export type Step = 1 | 2 | 3

export interface Giving {
  step: Step
  /** The form's own key: sent again it makes no second commitment. */
  ref: string
  figure: string
  moneyUnit: 'yuan' | 'wan'
  day: string
  words: string
  kind: string
  name: string
  code: string
  person: string
  place: { code: string | null; text: string }
  email: string
}

/** A stranger's drafts belong to nobody; they stay on the device. */
const NOBODY = ''

export function begun(need: OpenNeed, moneyUnit: 'yuan' | 'wan'): Giving {
  return {
    step: 1, ref: newKey(), figure: '', moneyUnit, day: need.window.to, words: '', kind: 'enterprise', name: '', code: '', person: '',
    place: { code: null, text: '' }, email: '',
  }
}

export async function kept(needId: string): Promise<Giving | undefined> {
  return (await getDraft(NOBODY, `give/${needId}`))?.payload as Giving | undefined
}

export function keep(need: OpenNeed, form: Giving): Promise<void> {
  const payload = JSON.parse(JSON.stringify(form)) as Giving
  return putDraft({ key: `give/${need.id}`, owner: NOBODY, title: need.title, payload, version: null, savedAt: new Date().toISOString() })
}

export function forget(needId: string): Promise<void> {
  return removeDraft(NOBODY, `give/${needId}`)
}

/** A mobile number of the mainland. */
export function isPhone(typed: string): boolean {
  return /^(\+?86)?1[3-9]\d{9}$/.test(typed.replace(/[ -]/g, ''))
}

/** Where a code can be sent: an e-mail address, or a mobile number. */
export function isAddress(typed: string): boolean {
  return isEmail(typed) || isPhone(typed)
}

export function isEmail(typed: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(typed.trim())
}

/** Whether the second step says all that it must. */
export function saysWho(form: Giving): boolean {
  const citizen = form.kind === 'citizen'
  const named = form.name.trim() && (citizen || (form.person.trim() && isCreditCode(form.code.trim().toUpperCase())))
  return Boolean(named && form.place.code && isAddress(form.email))
}

/** What the second step says, as the interface takes it. */
export function participant(form: Giving): unknown {
  const credit_code = form.kind === 'citizen' ? null : form.code.trim().toUpperCase()
  return { kind: form.kind, name: { zh: form.name.trim() }, credit_code, place_code: form.place.code }
}
