import { MemoryFacts, walk, WALK_DEFAULTS, type AsOf } from '@catena/access-chain'
import { form, makeKey, type Activity, type Attributes, type Connector, type KeyGroup } from '@catena/domain'
import type { Ledger, LedgerEvent } from '@catena/ledger'
import { connect, createPool, transaction } from '@catena/platform'
import { startTestPostgres, thorough, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type pg from 'pg'
import { credentialOf } from './identity.js'
import { newestOfCredentials, readSpans } from './of-credentials.js'
import { PostgresFactIndex } from './postgres-fact-index.js'
import type { FactFilter } from './fact-filter.js'
import { AccessIndexProjection, interpretEvent, type Interpretation } from './project.js'
import { resolveAllUnwrapped } from './resolve-unwrapped.js'
import { listFacts, listFactsAhead } from './retrievals.js'
import { emptyIndex } from './testing/empty-index.js'

const source = { id: 'vault', kind: 'vault', scope: 'prod', federations: [], sharedIdentities: [], gaps: [] } as const
const connector = {
  interpret: (record: { payload: unknown; position: number }) => placed(record.payload as Activity, record.position),
} as unknown as Connector
const interpretation: Interpretation = { sources: [source], connectorFor: () => connector }
const settings = { ...WALK_DEFAULTS, sources: [source] }

function placed(activity: Activity, position: number): Activity {
  const groups = activity.groups.map((group) => ({ ...group, forms: group.forms.map((one) => ({ ...one, position })) }))
  return { ...activity, groups, positions: [position] }
}

function group(role: string, verb: KeyGroup['verb'], ...names: string[]): KeyGroup {
  return {
    role,
    verb,
    trust: 'verified',
    forms: names.map((name) => form(makeKey('vault-token', 'prod', `hmac-sha256:${name}`))),
  }
}

const START = 1_000_000_000

function said(factId: string, kind: Activity['kind'], second: number, groups: readonly KeyGroup[], more: Partial<Activity> = {}): Activity {
  const occurredAt = START + second * 1000
  return { factId, kind, occurredAt, groups, attributes: {}, source: 'vault', type: kind, resolutionMs: 0, outcome: 'succeeded', conflicts: [], positions: [1], ...more }
} // prettier-ignore

const SLOTS = ['db', 'mail'] as const
const targetOf = (path: string) => ({ system: 'vault/prod', container: 'kv_1', containerName: 'secret/', path })
const CREDENTIALS = SLOTS.map((path) => credentialOf(targetOf(path)) ?? '')
const [DB = ''] = CREDENTIALS

/** By accessor and token, as one device writes them; another writes other hashes. */
const wrapped = (wrapping: string, path: string, second: number, ...names: string[]): Activity => {
  const made = { ...group('wrapping', 'establishes', ...(names.length > 0 ? names : [`${wrapping}-token`, `${wrapping}-accessor`])), by: 'handover' as const }
  return said(`wrap ${wrapping} ${path}`, 'secret-read', second, [group('caller', 'presents', 'giver'), made], { target: targetOf(path) })
} // prettier-ignore
const asked = (wrapping: string, path: string, second: number): Activity =>
  said(`wrap ${wrapping} ${path}`, 'secret-read', second, [group('caller', 'presents', 'giver')], { target: targetOf(path), outcome: 'unknown' }) // prettier-ignore
const rewrapped = (from: string, to: string, second: number): Activity => {
  const groups = [group('caller', 'presents', 'other'), { ...group('opened', 'presents', `${from}-token`), sideways: true }, { ...group('wrapping', 'establishes', `${to}-token`, `${to}-accessor`), by: 'handover' as const }]
  return said(`rewrap ${from} ${to}`, 'operation', second, groups, { attributes: { rewrapped: true } })
} // prettier-ignore
const opened = (name: string, second: number, more: Partial<Activity> = {}): Activity =>
  said(`open ${name} ${second}`, 'response-unwrapped', second, [group('caller', 'presents', 'taker'), { ...group('opened', 'presents', name), sideways: true }], more) // prettier-ignore
const carried = (name: string, second: number): Activity =>
  said(`carry ${name} ${second}`, 'response-unwrapped', second, [group('caller', 'presents', `${name}-token`, `${name}-accessor`)]) // prettier-ignore
const shown = (one: string, other: string, second: number, attributes: Attributes = {}): Activity =>
  said(`show ${one} ${other}`, 'operation', second, [group('caller', 'presents', one, other)], { attributes })

function eventsOf(activities: readonly Activity[]): LedgerEvent[] {
  return activities.map((activity, index) => {
    const { occurredAt, type } = activity
    return { position: index + 1, stream: 'record:vault', source: 'vault', schemaVersion: 1, type, occurredAt, recordedAt: occurredAt, payload: Buffer.from(JSON.stringify(activity)) } as LedgerEvent // prettier-ignore
  })
}

const HAPPENED: readonly Activity[] = [
  asked('w1', 'db', 1),
  wrapped('w1', 'db', 1),
  wrapped('w1', 'db', 1, 'w1-token-2', 'w1-accessor-2'),
  wrapped('w2', 'mail', 2),
  wrapped('w2', 'db', 3),
  rewrapped('w1', 'w3', 4),
  rewrapped('w3', 'w4', 5),
  rewrapped('w4', 'w3', 5),
  opened('w1-token', 6),
  opened('w1-token', 7, { outcome: 'denied' }),
  opened('w1-token-2', 8),
  opened('w3-token', 9),
  opened('w4-token', 10),
  opened('w2-token', 11),
  opened('elsewhere', 12),
  carried('w1', 13),
  carried('w4', 14),
  shown('elsewhere', 'between', 15),
  shown('between', 'beyond', 16),
  shown('beyond', 'w4-accessor', 17),
  said('read', 'secret-read', 18, [group('caller', 'presents', 'reader')], { target: targetOf('db') }),
]

/** More than are looked at say that they had it wrapped, under two names that are equated, and one of them by putting something else into it. */
const CROWD: readonly Activity[] = [
  ...Array.from({ length: 22 }, (_, n) => {
    const made = { ...group('wrapping', 'establishes', n % 3 === 0 ? 'w9-other' : 'w9-token'), by: 'handover' as const }
    return said(`crowd ${n}`, 'secret-read', 20, [group('caller', 'presents', 'giver'), made], { target: targetOf(n % 8 === 0 ? 'mail' : 'db') })
  }),
  shown('w9-token', 'w9-middle', 21),
  shown('w9-middle', 'w9-other', 22),
  rewrapped('w2', 'w9', 23),
  opened('w9-token', 24),
  opened('w9-other', 25),
  wrapped('w2', 'mail', 2),
] // prettier-ignore

const TABLES = ['access_unwrapped', 'access_wrapping', 'access_name', 'access_fact', 'access_told', 'access_key']

describe('the index in PostgreSQL, of what was unwrapped', () => {
  let postgres: TestPostgres
  let pool: pg.Pool
  let client: pg.Client

  beforeAll(async () => {
    postgres = await startTestPostgres()
    pool = createPool(postgres.databaseUrl, { applicationName: 'spec' })
    client = await connect(postgres.databaseUrl, { applicationName: 'spec' })
    await new AccessIndexProjection(interpretation).prepare(client)
  })

  afterAll(async () => {
    await client.end()
    await pool.end()
    await postgres.stop()
  })

  async function fold(events: readonly LedgerEvent[], cuts: readonly number[] = []): Promise<void> {
    await emptyIndex(client)
    const projection = new AccessIndexProjection(interpretation)
    const bounds = [0, ...new Set(cuts), events.length].sort((a, b) => a - b)
    for (const [number, from] of bounds.entries()) {
      const batch = events.slice(from, bounds[number + 1] ?? from)
      if (batch.length > 0) await transaction(client, () => projection.interpret(batch)(client))
    }
  }

  function indexOf(events: readonly LedgerEvent[], asOf: AsOf): PostgresFactIndex {
    const readAt: Ledger['readAt'] = (positions) => Promise.resolve(events.filter(({ position }) => positions.includes(position)))
    return new PostgresFactIndex(pool, { readAt }, interpretation, asOf)
  } // prettier-ignore

  async function listed(events: readonly LedgerEvent[], asOf: AsOf, credential: string): Promise<string[][]> {
    const lists = await Promise.all(
      [listFacts, listFactsAhead].map(async (list) => {
        const ids: string[] = []
        for (let after: readonly string[] | undefined; ;) {
          const { items, hasMore } = await list(pool, indexOf(events, asOf), { credential }, { limit: 3, after })
          ids.push(...items.map(({ item }) => item.factId))
          after = items.at(-1)?.place
          if (!hasMore) return ids
        }
      }),
    )
    const [newest] = await newestOfCredentials(pool, indexOf(events, asOf), [credential], 99)
    return [...lists, newest?.items.map(({ item }) => item.factId) ?? []]
  }

  /** By the walk, which asks nobody what lists say. */
  async function obtained(events: readonly LedgerEvent[], asOf: AsOf, credential: string): Promise<string[]> {
    const memory = new MemoryFacts()
    for (const event of events) memory.add(interpretEvent(event, interpretation)!)
    const index = memory.at(asOf)
    const chains = await walk(index, index.all.filter((fact) => isAsked(fact)), settings) // prettier-ignore
    const stored = await walk(indexOf(events, asOf), index.all.filter((fact) => isAsked(fact)), settings) // prettier-ignore
    expect(stored).toEqual(chains)
    const own = chains.filter(({ fact, content }) =>
      (content?.targets ?? (fact.target === undefined ? [] : [fact.target])).some((target) => credentialOf(target) === credential),
    ) // prettier-ignore
    const ids = own.map(({ fact }) => fact)
    return ids.sort((a, b) => b.occurredAt - a.occurredAt).map(({ factId }) => factId)
  }

  function isAsked(fact: Activity): boolean {
    const isWrapped = fact.outcome === 'succeeded' && fact.groups.some(({ role }) => role === 'wrapping')
    return fact.kind === 'response-unwrapped' || (fact.kind === 'secret-read' && !isWrapped)
  }

  async function tables(): Promise<unknown[]> {
    const all: unknown[] = []
    for (const table of TABLES) {
      const { rows } = await client.query<{ row: string }>(`SELECT t::text AS row FROM ${table} t ORDER BY 1`)
      all.push([table, rows.map(({ row }) => row)])
    }
    return all
  }

  it('R1.1 R1.9 has it in the history of what was wrapped, and not the request that had it wrapped', async () => {
    const events = eventsOf([wrapped('w1', 'db', 1), opened('w1-token', 2), carried('w1', 3)])
    await fold(events)
    const all = ['carry w1 3', 'open w1-token 2']
    expect(await listed(events, { position: 3 }, DB)).toEqual([all, all, all])
  })

  it('R1.10 says at an earlier cut what was known then: the unwrapping may be recorded before what was wrapped', async () => {
    const events = eventsOf([opened('w1-token', 2), wrapped('w1', 'db', 1)])
    await fold(events, [1])
    expect(await listed(events, { position: 1 }, DB)).toEqual([[], [], []])
    const all = ['open w1-token 2']
    expect(await listed(events, { position: 2 }, DB)).toEqual([all, all, all])
  })

  it('R1.1 R1.10 joins it by names that were equated last', async () => {
    const events = eventsOf([opened('elsewhere', 2), wrapped('w1', 'db', 1), shown('elsewhere', 'between', 3), shown('beyond', 'w1-accessor', 4), shown('between', 'beyond', 5)]) // prettier-ignore
    await fold(events, [1, 2, 3, 4])
    expect(await listed(events, { position: 4 }, DB)).toEqual([[], [], []])
    const all = ['open elsewhere 2']
    expect(await listed(events, { position: 5 }, DB)).toEqual([all, all, all])
  })

  it('R1.4 R1.9 R1.10 says at every cut what the walk says, whatever order and batches records came in, and the same when built anew', async () => {
    const property = fc.asyncProperty(
      fc.oneof(
        fc.shuffledSubarray([...HAPPENED, ...HAPPENED.slice(0, 4)], { minLength: 6 }),
        fc.shuffledSubarray([...CROWD, ...CROWD.slice(0, 4)], { minLength: 20 }),
      ),
      fc.array(fc.nat(20), { maxLength: 6 }),
      fc.nat(),
      async (given, cuts, chosen) => {
        const events = eventsOf(given)
        await fold(events, cuts.map((cut) => cut % events.length)) // prettier-ignore
        for (const position of new Set([1 + (chosen % events.length), events.length]))
          for (const credential of CREDENTIALS) {
            const expected = await obtained(events, { position }, credential)
            expect(await listed(events, { position }, credential)).toEqual([expected, expected, expected])
          }
        const live = await tables()
        await fold(events)
        expect(await tables()).toEqual(live)
        await loadAnew(events)
        expect((await tables()).slice(0, 2)).toEqual(live.slice(0, 2))
      },
    )
    await fc.assert(property, { numRuns: thorough(25, 150) })
  }, 240_000)

  async function listedBy(events: readonly LedgerEvent[], asOf: AsOf, filter: FactFilter): Promise<string[]> {
    const ids: string[] = []
    for (let after: readonly string[] | undefined; ;) {
      const { items, hasMore } = await listFacts(pool, indexOf(events, asOf), filter, { limit: 2, after })
      ids.push(...items.map(({ item }) => item.factId))
      after = items.at(-1)?.place
      if (!hasMore) return ids
    }
  }

  const OF_DB = { credentials: new Set([DB]) }
  const OF_VAULT = { vaults: ['secret'] }

  it('R1.9 R7.3 has it in lists of a part, and not where it may have been another that is not in the part', async () => {
    const events = eventsOf([
      wrapped('w1', 'db', 1), opened('w1-token', 2),
      wrapped('w2', 'mail', 3), wrapped('w2', 'db', 4), opened('w2-token', 5),
      wrapped('w3', 'mail', 6), opened('w3-token', 7),
      opened('elsewhere', 8),
      // Told again after the cut.
      opened('w2-token', 5), opened('w3-token', 7), opened('w1-token', 2), opened('elsewhere', 8),
    ]) // prettier-ignore
    await fold(events, [8])
    for (const position of [8, 12]) {
      const by = (filter: FactFilter) => listedBy(events, { position }, filter)
      expect(await by({ within: [OF_DB] })).toEqual(['open w1-token 2'])
      expect(await by({ credential: DB, within: [OF_DB] })).toEqual(['open w1-token 2'])
      expect(await by({ credential: DB })).toEqual(['open w2-token 5', 'open w1-token 2'])
      const all = ['open w3-token 7', 'open w2-token 5', 'open w1-token 2']
      expect([await by({ within: [OF_VAULT] }), await by({ container: 'secret/' })]).toEqual([all, all])
      expect([await by({ within: [] }), await by({ within: [{ vaults: ['other'] }] }), await by({ container: 'other' })]).toEqual([[], [], []])
      expect(await by({ within: [OF_VAULT], kinds: ['secret-read'] })).toEqual([])
    }
  }) // prettier-ignore

  it('R1.2 is not the end of a credential’s newest where all of these were answered wrapped', async () => {
    const newer = Array.from({ length: 9 }, (_, n) => ({ ...wrapped(`w${n}`, 'db', 10 + n), factId: `wrap ${n}` }))
    const events = eventsOf([wrapped('w1', 'db', 1), opened('w1-token', 6), opened('w1-token', 7), ...newer])
    await fold(events)
    const index = indexOf(events, { position: events.length })
    const [page] = await newestOfCredentials(pool, index, [DB], 2)
    expect([page?.items[0]?.item.factId, page?.hasMore]).toEqual(['open w1-token 7', true])
    const rest = await listFacts(pool, index, { credential: DB }, { limit: 9, after: page?.items.at(-1)?.place })
    expect([...page!.items, ...rest.items].map(({ item }) => item.factId)).toEqual(['open w1-token 7', 'open w1-token 6'])
  }) // prettier-ignore

  it('R1.9 R1.10 was heard of last when it was unwrapped, as far as that was known', async () => {
    const events = eventsOf([wrapped('w1', 'db', 1), opened('w1-token', 6), opened('w1-token', 9)])
    await fold(events, [1, 2])
    const lastSeen = async (asOf: AsOf): Promise<number> => {
      const { firstSeenAt, lastSeenAt } = (await readSpans(pool, asOf, [DB])).get(DB)!
      expect(firstSeenAt).toBe(START + 1_000)
      return (lastSeenAt - START) / 1_000
    }
    expect([await lastSeen({ position: 1 }), await lastSeen({ position: 2 }), await lastSeen({ position: 3 })]).toEqual([1, 6, 9])
    expect(await lastSeen({ position: 3, validAt: START + 7_000 })).toBe(6)
  }) // prettier-ignore

  it('R1.9 has it among what each source recorded that recorded it', async () => {
    const [plain, other] = [opened('w1-token', 2), opened('w1-token', 2, { source: 'vault-b' })]
    for (const given of [[wrapped('w1', 'db', 1), plain, other], [wrapped('w1', 'db', 1), other, plain]]) {
      const events = eventsOf(given)
      await fold(events, [1, 2])
      for (const source of ['vault', 'vault-b']) {
        expect(await listedBy(events, { position: 3 }, { credential: DB, source })).toEqual(['open w1-token 2'])
        const then = given[1]?.source === source ? ['open w1-token 2'] : []
        expect(await listedBy(events, { position: 2 }, { credential: DB, source })).toEqual(then)
      }
    }
  }) // prettier-ignore

  it('R1.4 R1.10 joins it by as many names as are equated one after the other', async () => {
    const shows = Array.from({ length: 12 }, (_, n) => shown(`name ${n}`, `name ${n + 1}`, 3))
    const events = eventsOf([wrapped('w1', 'db', 1, 'name 0'), opened('name 12', 2), ...shows])
    await fold(events, [1, 2, 5, 9])
    const all = ['open name 12 2']
    expect(await obtained(events, { position: events.length }, DB)).toEqual(all)
    expect(await listed(events, { position: events.length }, DB)).toEqual([all, all, all])
  })

  /** As a rebuild does: whatever order facts come in, wrappings are looked at when all is there. */
  async function loadAnew(events: readonly LedgerEvent[]): Promise<void> {
    await fold(events.toReversed(), events.map((_, number) => number)) // prettier-ignore
    await client.query('DELETE FROM access_unwrapped')
    await transaction(client, () => resolveAllUnwrapped(client))
  }

  it('asks nothing more of a batch that has nothing to do with wrappings', async () => {
    await emptyIndex(client)
    const events = eventsOf([said('read', 'secret-read', 1, [group('caller', 'presents', 'a', 'b')], { target: targetOf('db') })])
    const asked: string[] = []
    const query = client.query.bind(client)
    client.query = ((text: unknown, ...more: unknown[]) => {
      asked.push(typeof text === 'string' ? text : String((text as { text?: string }).text))
      return (query as (...all: unknown[]) => unknown)(text, ...more)
    }) as typeof client.query
    try {
      await transaction(client, () => new AccessIndexProjection(interpretation).interpret(events)(client))
    } finally {
      client.query = query
    }
    expect(asked.filter((text) => /access_unwrapped|access_wrapping/.test(text) && !/merged/.test(text))).toEqual([])
  }) // prettier-ignore
})
