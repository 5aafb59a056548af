/** The verbs of a campaign, as its page shows them. */
import type { PledgeRow, Membership } from '../../api/types'
import type { Option } from '../../app/options.svelte'
import type { Verb, VerbField } from '../../app/verbs'

const reason: VerbField = { kind: 'area', name: 'remark', label: 'verb.reason', required: true }
const remark: VerbField = { kind: 'area', name: 'remark', label: 'verb.remark' }

/** Roles in which somebody acts for a participant. */
export const ACTING = ['editor', 'reviewer', 'signatory']
/** Kinds that organise campaigns. */
export const ORGANISERS = ['coordinating_office', 'social_organisation', 'democratic_party', 'designated_unit', 'eastern_partner']
/** Joins no campaign: it gives within its pairing. */
const MASKED = 'armed_forces_unit'
/** Statuses of a pledge that can be counted for a campaign. */
export const COUNTABLE = ['awaiting_verification', 'awaiting_signature', 'effective', 'suspended', 'fulfilled', 'closed']

/** Those of the reader's participants that may join. */
export function joiners(memberships: Membership[]): Membership[] {
  return memberships.filter((one) => one.participant.kind !== MASKED && one.roles.some((role) => ACTING.includes(role)))
}

/** Those pledges that may be counted for a campaign of this county with these aims. */
export function countable(pledges: PledgeRow[], hostId: string, types: string[]): PledgeRow[] {
  return pledges.filter((pledge) => pledge.county.id === hostId && types.includes(pledge.resource_type.code))
}

export function campaignVerbs(joining: Option[], pledges: Option[]): Verb[] {
  const verbs: Verb[] = [
    { name: 'ask', label: 'campaignVerb.ask', tone: 'primary', done: 'campaignVerb.ask.done', fields: [remark] },
    { name: 'consent', label: 'campaignVerb.consent', tone: 'primary', done: 'campaignVerb.consent.done', fields: [remark] },
    { name: 'refuse', label: 'campaignVerb.refuse', tone: 'danger', done: 'campaignVerb.refuse.done', fields: [reason] },
    { name: 'open', label: 'campaignVerb.open', tone: 'primary', done: 'campaignVerb.open.done', fields: [remark] },
    { name: 'close', label: 'campaignVerb.close', done: 'campaignVerb.close.done', fields: [remark] },
    {
      name: 'report', label: 'campaignVerb.report', tone: 'primary', done: 'campaignVerb.report.done',
      fields: [
        { kind: 'area', name: 'report', label: 'campaigns.report', required: true },
        { kind: 'area', name: 'thanks', label: 'campaigns.thanks' },
      ],
    },
    { name: 'withdraw', label: 'campaignVerb.withdraw', tone: 'danger', done: 'campaignVerb.withdraw.done', fields: [reason] },
  ]
  if (joining.length > 0) {
    const field: VerbField = {
      kind: 'select', name: 'participant_id', label: 'campaignVerb.joinFor', options: joining, initial: joining[0]?.value, required: true,
    }
    verbs.unshift({ name: 'join', label: 'campaignVerb.join', tone: 'primary', done: 'campaignVerb.join.done', fields: [field] })
  }
  if (pledges.length > 0) {
    const field: VerbField = { kind: 'select', name: 'pledge_id', label: 'campaignVerb.pledge', options: pledges, initial: pledges[0]?.value, required: true }
    verbs.unshift({ name: 'link', label: 'campaignVerb.link', done: 'campaignVerb.link.done', fields: [field] })
  }
  return verbs
}
