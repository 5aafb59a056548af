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

export const english = {
  ...app,
  ...field,
  ...ask,
  ...promise,
  ...view,
  ...docking,
  ...amending,
  ...people,
  ...trail,
  ...imports,
  ...ledger,
  ...inbox,
  ...overdue,
}
