/** The kinds of record that the trail can be narrowed to, and what is done to each. */
export const VERBS: Record<string, string[]> = {
  participant: ['applied', 'verified', 'returned', 'rejected', 'suspended'],
  pairing: ['confirmed', 'activated', 'adjusting', 'settled', 'ended'],
  need: [
    'created', 'changed', 'submitted', 'taken_for_review', 'returned', 'rejected', 'published', 'countersigned', 'amended',
    'suspended', 'resumed', 'closed', 'withdrawn', 'expired', 'reopened', 'offer_dismissed',
  ],
  offer: ['created', 'changed', 'published', 'amended', 'suspended', 'resumed', 'withdrawn', 'exhausted', 'expired', 'reopened'],
  suggestion: ['proposed', 'dismissed', 'reopened'],
  proposal: ['proposed', 'countered', 'side_agreed', 'agreed', 'pledged', 'renewed', 'message_written', 'declined', 'withdrawn', 'lapsed', 'superseded'],
  pledge: [
    'made', 'signed', 'effective', 'changed', 'urged', 'explained', 'cancelled', 'expired', 'fulfilled', 'suspended', 'resumed',
    'closed', 'reopened', 'terminated', 'written_off',
  ],
  delivery: [
    'planned', 'sent', 'arrived', 'inspected', 'recorded', 'shown', 'accepted', 'accepted_short', 'rejected', 'disputed', 'answered',
    'corrected', 'lost',
  ],
  contact: ['created', 'revealed', 'reveal_refused', 'removed'],
  docking_settings: ['set'],
  user: [],
  invitation: [],
}

export const KINDS = Object.keys(VERBS)
