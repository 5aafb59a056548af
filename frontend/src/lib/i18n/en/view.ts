/** Pages that show: Today, pairings, board, map, places, profile. */
export const view = {
  'today.overdue': 'Overdue',
  'today.waitingForMe': 'Waiting for me',
  'today.waitingForOthers': 'Waiting for others',
  'today.overdueEmpty': 'Nothing is overdue.',
  'today.waitingForMeEmpty': 'Nothing waits for you.',
  'today.waitingForOthersEmpty': 'Nothing of yours waits for others.',
  'today.date': 'Business date: {day}',
  'today.due': 'due {day}',
  'today.overdueBy': '{n} day overdue|{n} days overdue',
  'today.dueIn': '{n} day left|{n} days left',
  'today.dueToday': 'due today',
  'today.more': 'Show all {n}',
}
