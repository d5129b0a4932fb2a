import { makeKey, type ActivityKind } from '@catena/domain'
import { summarise, type Retrieval } from '@catena/governance'
import { describe, expect, it } from '@jest/globals'
import { accessRowsOf } from './access-rows.js'

const ANA = makeKey('person', 'keycloak/acme', 'ana')
const SLOT = { id: 'c'.repeat(32), system: 'vault/prod', container: 'kv_1', path: 'app', lastSeenAt: 100 }
const AROUND = {
  grants: [],
  exceptions: [],
  stewardship: { stewards: [], declared: {}, checkouts: [], copies: [] },
  privileges: { version: 0, rules: [] },
  verdict: { verdict: 'unknown', failed: [], controls: [], accounted: [] },
} as unknown as Parameters<typeof accessRowsOf>[2]

function obtained(at: number, kind: ActivityKind, end: Retrieval['end']): Retrieval {
  const state = { state: 'proven' } as const
  return {
    fact: `vault:${at}`, at, kind, outcome: 'succeeded', source: 'vault', accessor: { id: ANA, kind: 'person', name: 'ana', keys: [ANA] },
    path: state, actor: state, right: { ...state, policies: [], approvals: [] }, effect: { ...state, yielded: 'it' }, end, caveats: [], findings: [],
    positions: [at], evidence: [at],
  }
} // prettier-ignore

const sure = (at: number) => ({ state: 'proven', how: 'revoked', at, positions: [at] }) as const
const perhaps = (at: number) => ({ state: 'ambiguous', how: 'deleted', at, positions: [at] }) as const

function rowOf(...retrievals: Retrieval[]) {
  const [row] = accessRowsOf(SLOT as never, summarise(SLOT.id, retrievals), AROUND, 100)
  return { open: row?.open, ended: row?.ended?.at }
}

describe('an access of which something perhaps ended', () => {
  it('R6.5 has not ended by it: nothing that rests on it is verified', () => {
    expect(rowOf(obtained(1, 'secret-read', sure(9)))).toEqual({ open: 0, ended: 9 })
    expect(rowOf(obtained(1, 'secret-read', perhaps(9)))).toEqual({ open: 1, ended: undefined })
  })

  it('R6.5 is open by an older lease of which that is so, and not by an older read of what was replaced since', () => {
    const [older, newer] = [1, 2]
    expect(rowOf(obtained(older, 'lease-issued', perhaps(5)), obtained(newer, 'lease-issued', sure(9)))).toEqual({ open: 1, ended: undefined }) // prettier-ignore
    expect(rowOf(obtained(older, 'secret-read', perhaps(5)), obtained(newer, 'secret-read', sure(9)))).toEqual({ open: 0, ended: 9 }) // prettier-ignore
  })
})
