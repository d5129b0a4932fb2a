import type { Quarantine } from '@catena/ledger'

/** Records of each source that are in quarantine now. */
export async function openCounts(ledger: Pick<Quarantine, 'quarantineCounts'>): Promise<Map<string, number>> {
  return new Map((await ledger.quarantineCounts()).map(({ source, open }) => [source, open]))
}
