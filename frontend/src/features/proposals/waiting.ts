/** Whose answer a proposal waits for: one or both sides, and the line department that the county asks. */
import type { ProposalRow } from '../../api/types'
import { listed, named, word } from '../../app/language.svelte'

type Waiting = Pick<ProposalRow, 'awaiting' | 'awaits_department' | 'department'>

export function waited(proposal: Waiting): boolean {
  return proposal.awaiting.length > 0 || proposal.awaits_department
}

export function awaited(proposal: Waiting): string {
  const sides = proposal.awaiting.map((side) => word('side', side))
  return listed(proposal.awaits_department ? [...sides, named(proposal.department?.name)] : sides)
}
