import type { Key } from '@catena/domain'
import type { AccessRow } from '../ports/access-summary.js'

/** An access as tests need it: by a person, proven, with a grant. */
export function accessRow(more: Partial<AccessRow> = {}): AccessRow {
  return {
    credential: { id: 'c'.repeat(32), system: 'vault/prod-1', container: 'secret/', path: 'orders/db' },
    accessor: { kind: 'person', key: 'person:idp:ada' as Key, name: 'ada', aliases: [] },
    grant: undefined,
    firstUsedAt: Date.UTC(2026, 0, 1),
    lastUsedAt: Date.UTC(2026, 4, 20),
    uses: 7,
    refused: 0,
    chain: 'proven',
    weakest: 'every link is proven',
    initiators: [],
    approvers: [],
    version: 3,
    privileged: false,
    environment: 'production',
    verdict: 'controlled',
    failedControls: [],
    copies: 1,
    open: 0,
    ended: undefined,
    lastEnd: undefined,
    evidence: [11, 12],
    ...more,
  }
}
