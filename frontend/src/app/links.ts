/** Where a record's page is, by the kind of record. */
const FOLDERS: Record<string, string> = {
  need: '/needs', offer: '/offers', docking_run: '/docking/runs', suggestion: '/suggestions', proposal: '/proposals',
  pledge: '/pledges', delivery: '/deliveries', pairing: '/pairings', agreement: '/agreements', meeting: '/meetings', secondment: '/secondments', year_summary: '/summaries', task: '/tasks', project: '/projects', campaign: '/campaigns', place: '/places', participant: '/participants',
}

export function pathOf(kind: string, id: string): string {
  const folder = FOLDERS[kind]
  return folder ? `${folder}/${id}` : '/'
}
