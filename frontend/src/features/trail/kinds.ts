/** The kinds of record that the trail can be narrowed to, and the events of each: all that the server records. */
export const EVENTS: Record<string, string[]> = {
  participant: [
    'participant.applied', 'participant.verified', 'participant.returned', 'participant.rejected',
    'participant.suspended', 'participant.reverified', 'participant.merged', 'participant.risk_set',
    'participant.risk_lifted', 'participant.reverification_urged', 'participant.verification_lapsed', 'participant.handed_over', 'member.substitute_named', 'member.substitute_ended',
  ],
  pairing: ['pairing.confirmed', 'pairing.activated', 'pairing.adjusting', 'pairing.settled', 'pairing.ended'],
  agreement: [
    'agreement.drafted', 'agreement.changed', 'agreement.submitted', 'agreement.returned', 'agreement.signed',
    'agreement.effective', 'agreement.withdrawn', 'agreement.amendment_proposed', 'agreement.amendment_signed',
    'agreement.amended', 'agreement.amendment_declined', 'agreement.taken_over',
  ],
  meeting: [
    'meeting.called', 'meeting.changed', 'meeting.recorded', 'meeting.confirmed', 'meeting.cancelled',
    'meeting.decision_settled', 'meeting.decision_reopened',
  ],
  secondment: [
    'secondment.selected', 'secondment.changed', 'secondment.appointed', 'secondment.withdrawn', 'secondment.taken_up',
    'secondment.reviewed', 'secondment.extended', 'secondment.ended',
  ],
  year_summary: [
    'year_summary.begun', 'year_summary.changed', 'year_summary.consulted', 'year_summary.answered', 'year_summary.revised',
  ],
  condition: ['condition.recorded', 'condition.withdrawn'],
  task: [
    'task.assigned', 'task.changed', 'task.taken_on', 'task.returned', 'task.reported', 'task.finished', 'task.sent_back',
    'task.accepted', 'task.withdrawn', 'task.urged',
  ],
  project: [
    'project.proposed', 'project.changed', 'project.agreed', 'project.noticed', 'project.reviewed', 'project.returned',
    'project.rejected', 'project.entered', 'project.funded', 'project.planned', 'project.unplanned', 'project.started',
    'project.completed', 'project.handed_over', 'project.left', 'project.taken_over',
  ],
  need: [
    'need.created', 'need.changed', 'need.submitted', 'need.taken_for_review', 'need.returned', 'need.rejected',
    'need.published', 'need.countersigned', 'need.amended', 'need.suspended', 'need.resumed', 'need.closed',
    'need.withdrawn', 'need.expired', 'need.reopened', 'need.offer_dismissed', 'need.taken_over',
  ],
  offer: [
    'offer.created', 'offer.changed', 'offer.published', 'offer.amended', 'offer.suspended', 'offer.resumed',
    'offer.withdrawn', 'offer.exhausted', 'offer.expired', 'offer.reopened', 'offer.taken_over',
  ],
  suggestion: ['suggestion.proposed', 'suggestion.dismissed', 'suggestion.reopened'],
  intent: ['intent.stated', 'intent.withdrawn', 'intent.taken_up', 'intent.lapsed'],
  proposal: [
    'proposal.proposed', 'proposal.countered', 'proposal.side_agreed', 'proposal.endorsed', 'proposal.agreed', 'proposal.renewed',
    'proposal.message_written', 'proposal.declined', 'proposal.withdrawn', 'proposal.lapsed',
    'proposal.superseded', 'proposal.took_open',
  ],
  pledge: [
    'pledge.made', 'pledge.signed', 'pledge.effective', 'pledge.changed', 'pledge.urged', 'pledge.explained',
    'pledge.cancelled', 'pledge.expired', 'pledge.fulfilled', 'pledge.suspended', 'pledge.resumed',
    'pledge.closed', 'pledge.reopened', 'pledge.terminated', 'pledge.written_off', 'pledge.verified',
    'pledge.amendment_proposed', 'pledge.amendment_signed', 'pledge.amended', 'pledge.amendment_declined',
    'pledge.valued', 'pledge.value_confirmed', 'pledge.sources_named', 'pledge.put_into',
  ],
  delivery: [
    'delivery.planned', 'delivery.sent', 'delivery.arrived', 'delivery.inspected', 'delivery.recorded',
    'delivery.shown', 'delivery.accepted', 'delivery.accepted_short', 'delivery.rejected', 'delivery.disputed',
    'delivery.answered', 'delivery.corrected', 'delivery.lost', 'delivery.surplus_asked',
    'delivery.surplus_agreed', 'delivery.surplus_refused', 'delivery.certified', 'delivery.receipted',
  ],
  campaign: [
    'campaign.drafted', 'campaign.changed', 'campaign.consent_asked', 'campaign.consented', 'campaign.refused', 'campaign.opened',
    'campaign.joined', 'campaign.pledge_linked', 'campaign.closed', 'campaign.reported', 'campaign.withdrawn', 'campaign.taken_over',
  ],
  contact: ['contact.created', 'contact.revealed', 'contact.reveal_refused', 'contact.removed'],
  docking_run: [
    'docking_run.started', 'docking_run.begun', 'docking_run.progressed', 'docking_run.extended',
    'docking_run.done', 'docking_run.failed', 'docking_run.cancelled',
  ],
  docking_settings: ['docking_settings.set'],
  decline_list: ['decline_list.set'],
  pledge_calendar: ['pledge_calendar.set'],
  user: [
    'user.created', 'user.deactivated', 'user.reactivated', 'user.password_changed',
    'user.reset_issued', 'user.erased', 'user.erasure_asked', 'user.erasure_taken_back', 'user.openid_linked', 'user.openid_unlinked', 'user.second_factor_set_up', 'user.second_factor_taken_off', 'user.recovery_code_used', 'user.recovery_codes_renewed',
    'role.granted',
    'role.revoked', 'member.removed',
  ],
  invitation: ['member.invited', 'member.joined', 'member.invitation_withdrawn'],
  api_key: ['api_key.created', 'api_key.revoked'],
}

export const KINDS = Object.keys(EVENTS)
