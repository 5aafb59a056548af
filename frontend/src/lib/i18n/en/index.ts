import { merged } from '../merged'
import { app } from './app'
import { field } from './field'
import { ask } from './ask'
import { promise } from './promise'
import { view } from './view'
import { docking } from './docking'
import { amending } from './amending'
import { people } from './people'
import { trail } from './trail'
import { imports } from './imports'
import { inbox } from './inbox'
import { ledger } from './ledger'
import { overdue } from './overdue'
import { projects } from './projects'
import { giving } from './giving'
import { campaigns } from './campaigns'
import { signing } from './signing'
import { privacy } from './privacy'
import { agreements } from './agreements'
import { meetings } from './meetings'
import { secondments } from './secondments'
import { summaries } from './summaries'
import { tasks } from './tasks'

/** Each table once; no key stands in two of them. */
export const tables = [app, field, ask, promise, view, docking, amending, people, trail, imports, ledger, inbox, overdue, projects, signing, giving, campaigns, privacy, agreements, meetings, secondments, summaries, tasks] as const

export const english = merged(tables)
