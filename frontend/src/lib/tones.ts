/** The colour beside a status word: nothing depends on it alone. */

export type Tone = 'quiet' | 'waiting' | 'moving' | 'done' | 'stopped'

const TONES: Record<string, Tone> = {
  draft: 'quiet', queued: 'quiet', planned: 'quiet', expired: 'quiet', withdrawn: 'quiet', lapsed: 'quiet',
  superseded: 'quiet', dismissed: 'quiet', ended: 'quiet', closed: 'quiet', cancelled: 'quiet', suspended: 'quiet',
  submitted: 'waiting', under_review: 'waiting', returned: 'waiting', proposed: 'waiting', countered: 'waiting',
  awaiting_verification: 'waiting', awaiting_signature: 'waiting', accepted_short: 'waiting', applied: 'waiting',
  published: 'moving', running: 'moving', agreed: 'moving', effective: 'moving', sent: 'moving', arrived: 'moving',
  inspected: 'moving', open: 'moving', adjusting: 'moving', confirmed: 'moving',
  pledged: 'done', fulfilled: 'done', accepted: 'done', active: 'done', finished: 'done', done: 'done', verified: 'done',
  rejected: 'stopped', declined: 'stopped', disputed: 'stopped', lost: 'stopped', failed: 'stopped',
  terminated: 'stopped', written_off: 'stopped',
}
const BY_KIND: Record<string, Tone> = {
  'suggestion.accepted': 'done', 'suggestion.proposed': 'done', 'poverty.listed': 'waiting', 'poverty.exited': 'done',
  'row.bad': 'stopped', 'row.changed': 'waiting', 'row.new': 'moving', 'row.same': 'done', 'row.written': 'done', 'row.created': 'done', 'row.updated': 'done',
  'import.uploaded': 'waiting', 'import.checking': 'moving', 'import.checked': 'waiting', 'import.writing': 'moving', 'import.written': 'done',
  'meeting.planned': 'waiting', 'meeting.held': 'waiting', 'meeting.confirmed': 'done', 'decision.open': 'waiting',
  'secondment.selected': 'waiting', 'secondment.appointed': 'waiting', 'secondment.on_post': 'done',
  'year_summary.consulted': 'waiting', 'year_summary.answered': 'done',
  'project.proposal': 'quiet', 'project.notice': 'waiting', 'project.review': 'waiting', 'project.library': 'moving', 'project.planned': 'moving',
  'project.implementing': 'moving', 'project.completed': 'done', 'project.handed_over': 'done',
  'campaign.consent_asked': 'waiting', 'campaign.consented': 'waiting', 'campaign.refused': 'stopped', 'campaign.closed': 'waiting', 'campaign.reported': 'done',
  'task.assigned': 'waiting', 'task.under_way': 'moving', 'task.finished': 'waiting', 'condition.recorded': 'done',
  'intent.stated': 'waiting', 'intent.taken_up': 'done', 'version.standing': 'done', 'version.replaced': 'quiet', 'version.declined': 'quiet',
  'published.pledged': 'waiting', 'published.delivered': 'done',
}

export function toneOf(kind: string, status: string): Tone {
  return BY_KIND[`${kind}.${status}`] ?? TONES[status] ?? 'quiet'
}
