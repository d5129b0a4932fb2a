import type { AsOf } from '@catena/access-chain'
import type { Activity, Connector } from '@catena/domain'
import type { Ledger, LedgerEvent } from '@catena/ledger'
import { connect, createPool, transaction } from '@catena/platform'
import { startTestPostgres, thorough, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type pg from 'pg'
import { AccessIndexLoader } from '../rebuild/access-index-loader.js'
import { credentialsAfter, listCredentials, namesOfCredentials, readCredentials } from './credentials.js'
import { credentialOf, namedCredentialOf } from './identity.js'
import { newestOfCredentials } from './of-credentials.js'
import { PostgresFactIndex } from './postgres-fact-index.js'
import { AccessIndexProjection, type Interpretation } from './project.js'
import { listFacts, listFactsAhead } from './retrievals.js'
import { emptyIndex } from './testing/empty-index.js'

const source = { id: 'vault', kind: 'vault', scope: 'prod', federations: [], sharedIdentities: [], gaps: [] } as const
const connector = {
  interpret: ({ payload, position }: { payload: unknown; position: number }) => ({
    ...(payload as Activity),
    positions: [position],
  }),
} as unknown as Connector
const interpretation: Interpretation = { sources: [source], connectorFor: () => connector }

const MOUNTS = ['kv_1', 'kv_2'] as const
const NAMES = ['aa/', 'Zz/', 'secret/', undefined] as const

/** Of a request that was refused the mount is not recorded, but its name at that time. */
interface Word {
  readonly mount: (typeof MOUNTS)[number] | undefined
  readonly name: (typeof NAMES)[number]
}

const read = (name: Word['name'], mount: Word['mount'] = 'kv_1'): Word => ({ mount, name })
const refused = (name: Word['name']): Word => ({ mount: undefined, name })
const words: fc.Arbitrary<Word[]> = fc.array(
  fc.record({ mount: fc.constantFrom(...MOUNTS, undefined), name: fc.constantFrom(...NAMES) }),
  { minLength: 2, maxLength: 9 },
)

const START = 1_000_000_000
const targetOf = ({ mount, name }: Word) => ({
  system: 'vault/prod',
  path: 'db',
  ...(mount === undefined ? {} : { container: mount }),
  ...(name === undefined ? {} : { containerName: name }),
})
const [ONE = '', TWO = ''] = MOUNTS.map((mount) => credentialOf(targetOf({ mount, name: undefined })))

function eventsOf(said: readonly Word[]): LedgerEvent[] {
  return said.map((word, index) => {
    const occurredAt = START + index * 1000
    const outcome = word.mount === undefined ? 'denied' : 'succeeded'
    const activity = { factId: `fact ${index + 1}`, kind: 'secret-read', type: 'secret-read', occurredAt, outcome, target: targetOf(word), groups: [], attributes: {}, source: 'vault', resolutionMs: 0, conflicts: [], positions: [1] }
    return { position: index + 1, stream: 'record:vault', source: 'vault', schemaVersion: 1, type: 'secret-read', occurredAt, recordedAt: occurredAt, payload: Buffer.from(JSON.stringify(activity)) } as LedgerEvent
  })
} // prettier-ignore

/** Names of a credential that are known by the position: the least first, and none last. */
function namesBy(said: readonly Word[], mount: Word['mount'], position: number): Word['name'][] {
  const names = new Set(said.slice(0, position).flatMap((word) => (word.mount === mount ? [word.name] : [])))
  return NAMES_IN_ORDER.filter((name) => names.has(name))
}

/** By code units. */
const NAMES_IN_ORDER: readonly Word['name'][] = ['Zz/', 'aa/', 'secret/', undefined]

/** What was of the mount, or refused under a name of it. */
function listedBy(said: readonly Word[], mount: Word['mount'], position: number): string[] {
  const names = namesBy(said, mount, position)
  const isListed = (word: Word): boolean => word.mount === mount || (word.mount === undefined && names.includes(word.name)) // prettier-ignore
  return said.flatMap((word, index) => (index < position && isListed(word) ? [`fact ${index + 1}`] : [])).reverse()
}

describe('the index in PostgreSQL, of credentials that were known by several names', () => {
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

  /** In order, as batches that end behind these positions. */
  async function fold(events: readonly LedgerEvent[], ends: readonly number[] = []): Promise<void> {
    await emptyIndex(client)
    const projection = new AccessIndexProjection(interpretation)
    for (const batch of batchesOf(events, ends)) await transaction(client, () => projection.interpret(batch)(client))
  }

  function batchesOf(events: readonly LedgerEvent[], ends: readonly number[]): LedgerEvent[][] {
    const bounds = [0, ...new Set(ends), events.length].sort((a, b) => a - b)
    return bounds.map((from, number) => events.slice(from, bounds[number + 1] ?? from)).filter(({ length }) => length > 0) // prettier-ignore
  }

  function indexOf(asOf: AsOf): PostgresFactIndex {
    const ledger: Pick<Ledger, 'readAt'> = { readAt: () => Promise.resolve([]) }
    return new PostgresFactIndex(pool, ledger, interpretation, asOf)
  }

  async function pagesOf(list: typeof listFacts, asOf: AsOf, credential: string): Promise<string[]> {
    const ids: string[] = []
    for (let after: readonly string[] | undefined; ;) {
      const { items, hasMore } = await list(pool, indexOf(asOf), { credential }, { limit: 2, after })
      ids.push(...items.map(({ item }) => item.factId))
      after = items.at(-1)?.place
      if (!hasMore) return ids
    }
  }

  /** By each way to ask for it. */
  async function listed(asOf: AsOf, credential: string): Promise<string[][]> {
    const [newest] = await newestOfCredentials(pool, indexOf(asOf), [credential], 99)
    return [await pagesOf(listFacts, asOf, credential), await pagesOf(listFactsAhead, asOf, credential), newest!.items.map(({ item }) => item.factId)] // prettier-ignore
  }

  async function shown(asOf: AsOf): Promise<unknown[]> {
    const { items } = await listCredentials(pool, asOf, {}, { limit: 9 })
    const lists = [items.map(({ item }) => item), await credentialsAfter(pool, asOf, undefined, 9), [...(await readCredentials(pool, asOf, [ONE, TWO])).values()]]
    return lists.map((list) => Object.fromEntries(list.map(({ id, containerName }) => [id, containerName])))
  } // prettier-ignore

  async function stored(): Promise<unknown[]> {
    const tables = ['access_credential', 'access_other_name']
    return Promise.all(tables.map(async (table) => (await client.query<object>(`SELECT * FROM ${table} AS t ORDER BY t::text`)).rows)) // prettier-ignore
  }

  const at = (position: number): AsOf => ({ position, validAt: undefined })

  it('R1.10 shows a credential at an earlier cut under the name that was known then', async () => {
    await fold(eventsOf([read('secret/'), read('aa/')]))
    expect(await shown(at(1))).toEqual([{ [ONE]: 'secret/' }, { [ONE]: 'secret/' }, { [ONE]: 'secret/' }])
    expect(await shown(at(2))).toEqual([{ [ONE]: 'aa/' }, { [ONE]: 'aa/' }, { [ONE]: 'aa/' }])
    const found = async (position: number, filter: object) =>
      (await listCredentials(pool, at(position), filter, { limit: 9 })).items.map(({ place }) => place[1])
    for (const filter of [{ container: 'secret' }, { search: 'SECRET' }, { within: [{ vaults: ['secret'] }] }])
      expect([await found(1, filter), await found(2, filter)]).toEqual([['secret/'], []])
    for (const filter of [{ container: 'aa' }, { search: 'aa' }, { within: [{ vaults: ['aa'] }] }])
      expect([await found(1, filter), await found(2, filter)]).toEqual([[], ['aa/']])
  })

  it('R1.9 lists what was refused under a name that the credential had before', async () => {
    await fold(eventsOf([read('secret/'), refused('secret/'), read('aa/'), refused('aa/'), refused('secret/')]))
    const all = [5, 4, 3, 2, 1].map((number) => `fact ${number}`)
    expect(await listed(at(5), ONE)).toEqual([all, all, all])
    const before = ['fact 2', 'fact 1']
    expect(await listed(at(2), ONE)).toEqual([before, before, before])
  })

  it('R1.9 R1.10 answers at every cut by the names that were known then, whatever is batched with what', async () => {
    const property = fc.asyncProperty(words, fc.array(fc.nat(8), { maxLength: 3 }), async (said, ends) => {
      const events = eventsOf(said)
      await fold(events, ends)
      for (let position = 0; position <= events.length; position++) {
        const mounts = MOUNTS.filter((mount) => namesBy(said, mount, position).length > 0)
        const names = Object.fromEntries(mounts.map((mount) => [mount === 'kv_1' ? ONE : TWO, namesBy(said, mount, position)])) // prettier-ignore
        const least = Object.fromEntries(Object.entries(names).map(([id, [first]]) => [id, first]))
        expect([position, await shown(at(position))]).toEqual([position, [least, least, least]])
        const known = await namesOfCredentials(pool, at(position), [ONE, TWO])
        for (const [number, mount] of MOUNTS.entries()) {
          const id = [ONE, TWO][number]!
          const ids = (names[id] ?? []).map((name) => namedCredentialOf(targetOf(refused(name))))
          expect([position, mount, [...(known.get(id) ?? [])].sort()]).toEqual([position, mount, ids.sort()])
          const own = listedBy(said, mount, position)
          expect([position, mount, await listed(at(position), id)]).toEqual([position, mount, [own, own, own]])
        }
      }
    })
    await fc.assert(property, { numRuns: thorough(12, 60) })
  }, 240_000)

  it('holds the same rows whatever came first, and however often', async () => {
    const property = fc.asyncProperty(words, fc.array(fc.nat(8), { maxLength: 4 }), fc.infiniteStream(fc.nat()), async (said, ends, places) => {
      const events = eventsOf(said)
      await fold(events)
      const inOrder = await stored()
      await emptyIndex(client)
      const placed = events.map((event) => ({ event, place: places.next().value as number }))
      const mixed = placed.sort((a, b) => a.place - b.place).map(({ event }) => event)
      const loader = new AccessIndexLoader(interpretation)
      for (const batch of batchesOf(mixed, ends)) await loader.load(client, batch, (work) => work())
      expect(await stored()).toEqual(inOrder)
      const projection = new AccessIndexProjection(interpretation)
      for (const batch of batchesOf(mixed, ends)) await transaction(client, () => projection.interpret(batch)(client))
      expect(await stored()).toEqual(inOrder)
    }) // prettier-ignore
    await fc.assert(property, { numRuns: thorough(30, 150) })
  }, 240_000)
})
