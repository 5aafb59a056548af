/** Read models across the domains: board, coverage, flows, ledger. */
import { act, get, type Query } from './client'
import type { Board, CoverageReport, Flow, LedgerAccount, LedgerLine, LedgerRow, LedgerSums, OverdueRow, Page, PairingHealth } from './types'

export function fetchBoard(query: Query): Promise<Board> {
  return get('/board', query)
}

export function fetchCoverage(query: Query): Promise<CoverageReport> {
  return get('/coverage', query)
}

export async function fetchFlows(query: Query): Promise<Flow[]> {
  return (await get<{ flows: Flow[] }>('/flows', query)).flows
}

export function listLedger(query: Query): Promise<Page<LedgerRow>> {
  return get('/ledger', query)
}

export function fetchLedgerSums(query: Query): Promise<LedgerSums> {
  return get('/ledger/sums', query)
}

export function listLedgerPledges(query: Query): Promise<Page<LedgerLine>> {
  return get('/ledger/pledges', query)
}

export function fetchLedgerPledge(id: string, query: Query): Promise<LedgerAccount> {
  return get(`/ledger/pledges/${id}`, query)
}

export function listOverdue(query: Query): Promise<Page<OverdueRow>> {
  return get('/overdue', query)
}

/** Pairings by health: what is late in each, and for how long nothing has moved. */
export function listPairingHealth(query: Query): Promise<Page<PairingHealth>> {
  return get('/overdue/pairings', query)
}

/** Reminds the giver of a pledge, as the list of what is late shows it. */
export function urgePledge(target: NonNullable<OverdueRow['urge']>, idempotencyKey: string): Promise<unknown> {
  return act('pledges', { id: target.pledge_id, version: target.version }, 'urge', {}, idempotencyKey)
}
