/** What a person is told. */
export const inbox = {
  'page.inbox': 'Inbox',
  'inbox.filter': 'Filter the inbox',
  'inbox.state': 'Read or not',
  'inbox.unread': 'Unread',
  'inbox.read': 'Read',
  'inbox.topic': 'Topic',
  'inbox.topic.negotiation': 'Proposals',
  'inbox.topic.signing': 'Signatures',
  'inbox.topic.urging': 'Reminders',
  'inbox.topic.delivery': 'Deliveries',
  'inbox.topic.publishing': 'Reviews',
  'inbox.topic.people': 'People and hand-over',
  'inbox.markRead': 'Mark as read',
  'inbox.readAll': 'Mark all as read',
  'inbox.empty': 'Nothing here. What waits for you stands on the page Today.',
  'event.pledge.amendment_proposed': 'Amendment proposed',
}
