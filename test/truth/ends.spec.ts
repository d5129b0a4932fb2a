import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MemoryFacts, walk, WALK_DEFAULTS, type Chain, type LinkState } from '@catena/access-chain'
import { RECORDING_FOLDER } from '@catena/testing'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { mask, recordedObservations } from './recorded.js'

interface Operation {
  readonly op: number
  readonly at_start: string
  readonly token_type?: string
  readonly action: string
  readonly vault_request_id?: string
  readonly lease_id?: string
  readonly expected?: Readonly<Record<string, { readonly claim: LinkState }>>
}

/** A token's lease as it is stored: the name in the path of its login is masked. */
function told(leaseId: string): string {
  return leaseId.replace(/(?<=\/login\/)[^/]+/, mask)
}

const RANK: Readonly<Record<LinkState, number>> = { missing: 0, ambiguous: 1, inferred: 2, proven: 3 }

describe('ends in the recorded organisation', () => {
  let operations: readonly Operation[]
  const chains = new Map<string, Chain>()

  beforeAll(async () => {
    const { sources, observations, position } = await recordedObservations()
    const facts = new MemoryFacts()
    for (const observation of observations) facts.add(observation)
    const index = facts.at({ position })
    const requests = index.all.filter((fact) => fact.source === 'vault' && fact.attributes.path !== undefined)
    for (const chain of await walk(index, requests, { ...WALK_DEFAULTS, sources }))
      chains.set(chain.fact.factId.split(':').slice(2).join(':'), chain)
    const lines = await readFile(join(RECORDING_FOLDER, 'ground-truth.jsonl'), 'utf8')
    operations = lines
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Operation)
  }, 60_000)

  const chainOf = (operation: Operation | undefined): Chain | undefined =>
    operation?.vault_request_id === undefined ? undefined : chains.get(operation.vault_request_id)

  /** Hops of one kind: what may be claimed, and what the chain claims. */
  function claims(
    hop: string,
    claimed: (operation: Operation) => LinkState | undefined,
  ): { readonly most: LinkState; readonly got: LinkState; readonly op: number }[] {
    return operations.flatMap((operation) => {
      const most = operation.expected?.[hop]?.claim
      const got = most === undefined ? undefined : claimed(operation)
      return most === undefined || got === undefined ? [] : [{ most, got, op: operation.op }]
    })
  }

  function expectKept(found: ReturnType<typeof claims>, count: number): void {
    expect(found.length).toBeGreaterThanOrEqual(count)
    expect(found.filter(({ most, got }) => RANK[got] > RANK[most])).toEqual([])
    const provable = found.filter(({ most }) => most === 'proven')
    const proven = provable.filter(({ got }) => got === 'proven')
    expect(proven.length).toBeGreaterThanOrEqual(provable.length * 0.99)
  }

  it('R1.1 proves the end of every lease', () => {
    const issued = new Map(
      operations.filter(({ action }) => action === 'issue-lease').map((operation) => [operation.lease_id, operation]),
    )
    expectKept(
      claims('lease->end', ({ lease_id }) => chainOf(issued.get(lease_id))?.end.state),
      46,
    )
  })

  it('R1.4 holds a token expired only as one of those that the line of the log may mean', () => {
    const expired = [...chains.values()].filter(({ end }) => end.how === 'expired')
    const found = claims('token->end', ({ lease_id = '', at_start }) => {
      const fitting = expired.filter(
        ({ end, fact }) =>
          told(lease_id).startsWith(`${JSON.stringify(fact.attributes.path).slice(1, -1)}/h`) &&
          Math.abs((end.at ?? 0) - Date.parse(at_start)) < 1,
      )
      return fitting[0]?.end.state ?? 'missing'
    })
    expect(found.filter(({ most, got }) => RANK[got] > RANK[most])).toEqual([])
    // Where several lines fit one token, none is named.
    const inferable = found.filter(({ most }) => most === 'inferred')
    expect(inferable.length).toBeGreaterThan(50)
    expect(inferable.filter(({ got }) => got !== 'missing').length).toBeGreaterThanOrEqual(inferable.length * 0.75)
  })

  it('R1.1 proves which token a child came from', () => {
    expectKept(
      claims('parent->token', (operation) =>
        // Of a batch token the hop was judged by its accessor, which it has not; its path is proven by its hashed name.
        operation.token_type === 'batch'
          ? undefined
          : chainOf(operation)?.path.links.find(({ by }) => by === 'handover')?.state,
      ),
      28,
    )
  })

  it('R1.1 proves who opened what was wrapped', () => {
    const found = claims('wrap->unwrap', (operation) => {
      const chain = chainOf(operation)
      return chain?.sideways.some(({ role }) => role === 'giver') === true ? 'proven' : chain?.path.links[0]?.state
    })
    expectKept(found, 3)
  })

  it('R3.5 finds every use of a token after its end', () => {
    const dead = operations.filter(({ action }) => action === 'expired-token-use')
    expect(dead.length).toBeGreaterThan(0)
    for (const operation of dead)
      expect(chainOf(operation)?.findings.map(({ kind }) => kind)).toContain('used after end')
  })
})
