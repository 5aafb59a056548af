import type { SheetKind } from '../../api/imports'
import type { Key } from '../../lib/i18n/translate'

/** Who brings sheets of needs and projects: the county's own bodies. */
const WRITERS = ['western_government', 'line_department']

interface Sheet {
  /** Where its import lies. */
  at: string
  /** Where one of its records, and the list of them, is shown. */
  record: string
  list: string
  title: Key
  listTitle: Key
  see: Key
  /** What rows are named by in the words of statuses. */
  status: string
  /** Says that new rows may be completed at once, where a kind knows such a step. */
  complete?: Key
  /** What is taken of such a sheet, and what is not. */
  takes?: Key
  /** The kinds of participant that bring it, where not all do. */
  writers?: string[]
}

export const SHEETS: Record<SheetKind, Sheet> = {
  needs: { at: '/needs/import', record: '/needs', list: '/needs?mine=true', title: 'page.needsImport', listTitle: 'page.needs', see: 'imports.seeNeeds', status: 'need', complete: 'imports.submit', writers: WRITERS },
  offers: { at: '/offers/import', record: '/offers', list: '/offers?mine=true', title: 'page.offersImport', listTitle: 'page.offers', see: 'imports.seeOffers', status: 'offer', complete: 'imports.publish' },
  projects: { at: '/projects/import', record: '/projects', list: '/projects?mine=true', title: 'page.projectsImport', listTitle: 'page.projects', see: 'imports.seeProjects', status: 'project', takes: 'imports.takes.projects', writers: WRITERS },
  pledges: { at: '/pledges/import', record: '/pledges', list: '/pledges', title: 'page.pledgesImport', listTitle: 'page.pledges', see: 'imports.seePledges', status: 'pledge', takes: 'imports.takes.pledges' },
  deliveries: { at: '/deliveries/import', record: '/deliveries', list: '/pledges', title: 'page.deliveriesImport', listTitle: 'page.pledges', see: 'imports.seePledges', status: 'delivery', takes: 'imports.takes.deliveries' },
}

/** The kind of sheet of which a page is. */
export function kindAt(path: string): SheetKind {
  const found = (Object.keys(SHEETS) as SheetKind[]).find((kind) => path.startsWith(SHEETS[kind].at))
  return found ?? 'needs'
}
