import { MemoryFacts, type AsOf, type FactIndex, type Lookup, type MemoryFactIndex } from '@catena/access-chain'
import { form, isToldBy, makeKey, type Activity, type Connector, type Key } from '@catena/domain'
import type { Ledger, LedgerEvent } from '@catena/ledger'
import { connect, createPool, transaction } from '@catena/platform'
import { startTestPostgres, thorough, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type pg from 'pg'
import { credentialsAfter, listCredentials, readCredentials } from './credentials.js'
import { credentialOf, uuidOf } from './identity.js'
import { newestOfCredentials, readSpans } from './of-credentials.js'
import { PostgresFactIndex } from './postgres-fact-index.js'
import { AccessIndexProjection, interpretEvent, type Interpretation } from './project.js'
import type { FactFilter } from './fact-filter.js'
import { listFacts, listFactsAhead } from './retrievals.js'
import { isWithinParts } from './slot-parts.js'
import { listStanding } from './standing.js'
import { emptyIndex } from './testing/empty-index.js'

const source = { id: 'vault', kind: 'vault', scope: 'prod', federations: [], sharedIdentities: [], gaps: [] } as const
const connector = {
  interpret: (record: { payload: unknown; position: number }) => placed(record.payload as Activity, record.position),
} as unknown as Connector
/** Both record the same system. */
const SOURCES = ['vault', 'vault-2'] as const
const interpretation: Interpretation = {
  sources: SOURCES.map((id) => ({ ...source, id })),
  connectorFor: () => connector,
}

function placed(activity: Activity, position: number): Activity {
  const groups = activity.groups.map((group) => ({ ...group, forms: group.forms.map((one) => ({ ...one, position })) }))
  return { ...activity, groups, positions: [position] }
}

const HOUR_MS = 3_600_000
const START = 1_000_000_000
const TOKENS = ['t1', 't2'] as const

const keyOf = (name: string): Key => makeKey('vault-token', 'prod', name)

const accountOf = (token: string): Key => makeKey('vault-account', 'prod', `auth/ldap/${token}`)

/** One observer's word of a fact, which stamps it as it pleases. Every word names the same token, and may say that it was by a federated login. */
function told(factId: string, token: string, occurredAt: number, { isFederated, source, outcome }: Word): Activity {
  const groups = [
    { role: 'account', verb: 'binds', trust: 'verified', forms: [form(accountOf(token))] },
    { role: 'caller', verb: 'presents', trust: 'verified', forms: [form(keyOf(token))] },
  ] as const
  const attributes = isFederated ? { origin: 'federated' } : {}
  const target = { system: 'vault/prod', container: 'kv_1', containerName: 'secret/', path: token }
  return { factId, kind: 'secret-read', occurredAt, groups, attributes, source, type: 'secret-read', target, resolutionMs: 0, outcome, conflicts: [], positions: [1] } // prettier-ignore
}

const CREDENTIALS = TOKENS.map((path) => credentialOf({ system: 'vault/prod', container: 'kv_1', path }) ?? '')

interface Word {
  readonly number: number
  readonly minute: number
  readonly isAhead: boolean
  readonly isFederated: boolean
  readonly source: (typeof SOURCES)[number]
  readonly outcome: 'unknown' | 'succeeded' | 'denied'
}

/** Few facts, so that most are told of again, each a little later than the one before; some are dated long after. */
const words: fc.Arbitrary<Word[]> = fc.array(
  fc.record({
    number: fc.integer({ min: 0, max: 5 }),
    minute: fc.integer({ min: 0, max: 9 }),
    isAhead: fc.constantFrom(false, false, true),
    isFederated: fc.boolean(),
    source: fc.constantFrom(...SOURCES),
    outcome: fc.constantFrom('unknown', 'succeeded', 'denied'),
  }),
  { minLength: 2, maxLength: 12 },
)

function eventsOf(given: readonly Word[]): LedgerEvent[] {
  return given.map((word, index) => {
    const { number, minute, isAhead, source } = word
    const recordedAt = START + index * 60_000
    // No two facts at one moment: which of them comes first is nobody's promise.
    const occurredAt = isAhead ? recordedAt + HOUR_MS + minute : Math.min(START + minute * 60_000, recordedAt) + number
    const activity = told(`fact ${number}`, TOKENS[number % 2]!, occurredAt, word)
    return { position: index + 1, stream: `record:${source}`, source, schemaVersion: 1, type: activity.type, occurredAt, recordedAt, payload: Buffer.from(JSON.stringify(activity)) } as LedgerEvent // prettier-ignore
  })
}

function questions(): readonly Lookup[] {
  const bounds = [0, START, START + 2 * 60_000, START + 5 * 60_000, START + HOUR_MS, 9e12]
  const spans = bounds.flatMap((from) => bounds.filter((to) => to >= from).map((to) => ({ from, to })))
  return spans.flatMap((span) => TOKENS.map((token) => ({ key: keyOf(token), span })))
}

async function answers(index: FactIndex): Promise<unknown[]> {
  const ask = async (lookup: Lookup): Promise<unknown> => {
    const facts = (await index.factsBy([lookup], 'presents')).get(lookup.key)
    return [lookup, facts?.map(({ factId, occurredAt }) => [factId, occurredAt])]
  }
  return Promise.all(questions().flatMap((lookup) => [{}, { first: 1 }, { first: 2 }, { federated: true }].map((more) => ask({ ...lookup, ...more }))))
} // prettier-ignore

const FILTERS: readonly FactFilter[] = [
  {},
  { from: START + 2 * 60_000, to: START + 5 * 60_000 },
  { to: START + 4 * 60_000 },
  { from: START + 3 * 60_000, source: 'vault-2' },
  { source: 'vault' },
  { outcomes: ['succeeded'] },
  { source: 'vault-2', outcomes: ['succeeded'] },
  { source: 'vault-2', outcomes: ['unknown'], kinds: ['secret-read'] },
  { source: 'vault-2', within: [{ vaults: ['another'] }] },
  { outcomes: ['unknown'], kinds: ['secret-read'] },
  ...CREDENTIALS.map((credential) => ({ credential })),
]

function isMeant(
  { from = 0, to = Infinity, source, outcomes, credential, within }: FactFilter,
  fact: Activity,
): boolean {
  if (!isWithinParts(fact.target?.containerName, [], within)) return false
  const isOf = credential === undefined || credential === credentialOf(fact.target!)
  const isBy = source === undefined || isToldBy(fact, source)
  return isOf && isBy && fact.occurredAt >= from && fact.occurredAt <= to && (outcomes?.includes(fact.outcome) ?? true)
}

async function eachPage(list: (after: readonly string[] | undefined) => ReturnType<typeof listFacts>): Promise<unknown[]> {
  const listed: unknown[] = []
  for (let after: readonly string[] | undefined; ;) {
    const { items, hasMore } = await list(after)
    listed.push(...items.map(({ item, place }) => [item, place]))
    after = items.at(-1)?.place
    if (!hasMore) return listed
  }
} // prettier-ignore

describe('the index in PostgreSQL, of facts that were observed again', () => {
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

  /** As one batch, or as two; afterwards at the state of knowledge asked for. */
  async function known(events: readonly LedgerEvent[], cut: number) {
    await emptyIndex(client)
    const projection = new AccessIndexProjection(interpretation)
    for (const batch of [events.slice(0, cut), events.slice(cut)].filter(({ length }) => length > 0))
      await transaction(client, () => projection.interpret(batch)(client))
    const memory = new MemoryFacts()
    for (const event of events) memory.add(interpretEvent(event, interpretation)!)
    const readAt: Ledger['readAt'] = (positions) => Promise.resolve(events.filter(({ position }) => positions.includes(position)))
    return (asOf: AsOf) => [new PostgresFactIndex(pool, { readAt }, interpretation, asOf), memory.at(asOf)] as const
  } // prettier-ignore

  async function everywhere(check: (postgres: PostgresFactIndex, memory: MemoryFactIndex, asOf: AsOf) => Promise<void>, numRuns: number): Promise<void> {
    const property = fc.asyncProperty(words, fc.nat(), fc.constantFrom(undefined, START + 3 * 60_000, START + 90 * 60_000), async (given, batch, validAt) => {
      const events = eventsOf(given)
      const at = await known(events, batch % events.length)
      for (let position = 0; position <= events.length; position++) await check(...at({ position, validAt }), { position, validAt })
    }) // prettier-ignore
    await fc.assert(property, { numRuns })
  } // prettier-ignore

  it('R1.10 answers at an earlier cut as it did then, whatever moment later records tell', async () => {
    await everywhere(async (stored, memory, asOf) => expect([asOf, await answers(stored)]).toEqual([asOf, await answers(memory)]), thorough(15, 60)) // prettier-ignore
  }, 240_000)

  it('R1.9 R1.10 lists at an earlier cut what it listed then, in the order of then', async () => {
    await everywhere(async (stored, memory, asOf) => {
      const known = memory.all.map((fact): [Activity, string[]] => [fact, [String(fact.occurredAt * 1000), uuidOf(fact.factId)]])
      const inOrder = known.sort(([a, [, x = '']], [b, [, y = '']]) => b.occurredAt - a.occurredAt || (x < y ? 1 : -1))
      for (const filter of FILTERS) {
        const meant = inOrder.filter(([fact]) => isMeant(filter, fact))
        for (const list of [listFacts, listFactsAhead])
          expect([asOf, filter, await eachPage((after) => list(pool, stored, filter, { limit: 2, after }))]).toEqual([asOf, filter, meant])
      }
      const named = [...new Set(memory.all.map((fact) => credentialOf(fact.target!)))].sort()
      const { items } = await listCredentials(pool, asOf, {}, { limit: 9 })
      const after = await credentialsAfter(pool, asOf, undefined, 9)
      const lists = [items.map(({ item }) => item.id).sort(), after.map(({ id }) => id), [...(await readCredentials(pool, asOf, CREDENTIALS)).keys()].sort()]
      expect([asOf, lists]).toEqual([asOf, [named, named, named]])
      const standing = await listStanding(pool, asOf, { namespaces: ['vault-account'] }, { limit: 9 })
      const accounts = TOKENS.filter((token) => memory.all.some(({ target }) => target?.path === token)).map(accountOf)
      expect([asOf, standing.items.map(({ item }) => item.key)]).toEqual([asOf, accounts])
      const [newest, spans] = [await newestOfCredentials(pool, stored, CREDENTIALS, 9), await readSpans(pool, asOf, CREDENTIALS)]
      CREDENTIALS.forEach((credential, number) => {
        const own = inOrder.filter(([fact]) => isMeant({ credential }, fact)).map(([item, place]) => ({ item, place }))
        expect([asOf, newest[number]]).toEqual([asOf, { items: own, hasMore: false }])
        const [first, last] = [own.at(-1)?.item.occurredAt, own[0]?.item.occurredAt]
        expect([asOf, spans.get(credential)]).toEqual([asOf, first === undefined ? undefined : { firstSeenAt: first, lastSeenAt: last }])
      })
    }, thorough(10, 40))
  }, 240_000) // prettier-ignore

  it('R1.4 R1.10 has a source heard of no later than its records were received, at every cut', async () => {
    await everywhere(async (stored, memory, asOf) => {
      const latest = START + (asOf.position - 1) * 60_000
      for (const id of SOURCES) {
        const coverage = await stored.coverage(id)
        expect([asOf, id, coverage]).toEqual([asOf, id, await memory.coverage(id)])
        expect(coverage?.to ?? 0).toBeLessThanOrEqual(latest + 5_000)
      }
    }, thorough(40, 150)) // prettier-ignore
  }, 240_000)
})
