import { MemoryFacts, skewOf } from '@catena/access-chain'
import { form, makeKey, type Activity, type Connector, type KeyGroup } from '@catena/domain'
import type { Ledger, LedgerEvent } from '@catena/ledger'
import { connect, createPool, transaction } from '@catena/platform'
import { startTestPostgres, thorough, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { setTimeout } from 'node:timers/promises'
import type pg from 'pg'
import { CarriedBounds } from './carried-bounds.js'
import { boundsOf, sumClocks } from './clock-sums.js'
import { mentionOf, type Mention } from './mentions.js'
import { observationsOf, RECORDS_MAX } from './observations.js'
import { OnceCache, PostgresFactIndex } from './postgres-fact-index.js'
import { AccessIndexProjection, interpretEvent, type Interpretation } from './project.js'
import { MAX_US } from './rows.js'
import { emptyIndex } from './testing/empty-index.js'

const PAIR = { presenter: 'vault', issuer: 'keycloak/acme' }
const source = { id: 'vault', kind: 'vault', scope: 'prod', federations: [], sharedIdentities: [], gaps: [] } as const
const connector = {
  interpret: (record: { payload: unknown; position: number }) => placed(record.payload as Activity, record.position),
} as unknown as Connector
const interpretation: Interpretation = { sources: [source], connectorFor: () => connector }

function placed(activity: Activity, position: number): Activity {
  const groups = activity.groups.map((group) => ({ ...group, forms: group.forms.map((one) => ({ ...one, position })) }))
  return { ...activity, groups, positions: [position] }
}

const group = (role: string, verb: KeyGroup['verb'], ...keys: readonly string[]): KeyGroup => ({
  role,
  verb,
  trust: 'verified',
  forms: keys.map((key) => form(makeKey(key.startsWith('s') ? 'idp-session' : 'vault-token', 'acme', key))),
})

function activity(factId: string, kind: Activity['kind'], occurredAt: number, ...groups: readonly KeyGroup[]): Activity {
  const attributes = kind === 'login' && groups.length > 1 ? { origin: 'federated', issuer: PAIR.issuer } : {}
  return { factId, kind, occurredAt, groups, attributes, source: 'vault', type: kind, resolutionMs: 0, outcome: 'succeeded', conflicts: [], positions: [1] }
} // prettier-ignore

const at = fc.integer({ min: 1_000, max: 1_020 })
const token = fc.constantFrom('t1', 't2', 't3', 't4')
const session = fc.constantFrom('s1', 's2', 's3')
const isHalf = fc.constantFrom(false, false, true)
/** Another view of the same fact, or another fact. */
const which = fc.constantFrom(1, 2, 3, 4, 5, 6)
const observation: fc.Arbitrary<Activity> = fc.oneof(
  fc.tuple(token, session, at, isHalf).map(([t, s, time, half]) => activity(`login ${t}`, 'login', time, ...(half ? [] : [group('issued', 'establishes', t)]), group('federated-session', 'presents', s), group('role', 'binds', 'role'))),
  fc.tuple(session, which, at).map(([s, n, time]) => activity(`in ${s} ${n}`, 'login', time, group('session', 'establishes', s))),
  fc.tuple(session, which, at).map(([s, n, time]) => activity(`out ${s} ${n}`, 'logout', time, group('session', 'ends', s))),
  fc.tuple(token, which, at).map(([t, n, time]) => activity(`read ${t} ${n}`, 'secret-read', time, group('caller', 'presents', t))),
  fc.tuple(token, which, at).map(([t, n, time]) => activity(`alias ${t} ${n}`, 'secret-read', time, group('caller', 'presents', `alias-${t}`))),
  fc.tuple(token, token).map(([t, u]) => activity(`names ${t} ${u}`, 'operation', 1_000, group('caller', 'presents', t, `alias-${u}`))),
) // prettier-ignore

/** Which of several sessions one login came from nobody knows, and no record tells several. */
function isOneClaimEach(events: readonly LedgerEvent[]): boolean {
  const told = events.map((event) => interpretEvent(event, interpretation)!)
  const claims = told.flatMap((one) => one.groups.filter(({ role }) => role === 'federated-session').map(({ forms }) => `${one.factId} ${forms[0]?.key}`))
  return told.filter(({ factId }) => factId.startsWith('login')).every(({ factId }) => new Set(claims.filter((claim) => claim.startsWith(`${factId} `))).size <= 1)
} // prettier-ignore

/** Batches as they arrive; after each is asked as of as many positions before its last. */
const arrivals = fc.array(fc.record({ batch: fc.array(observation, { minLength: 1, maxLength: 6 }), back: fc.constantFrom(0, 0, 0, 1, 3) }), { minLength: 3, maxLength: 10 }) // prettier-ignore

describe('bounds of clocks, carried from one state of knowledge to the next', () => {
  let postgres: TestPostgres
  let pool: pg.Pool
  let client: pg.Client
  let projection: AccessIndexProjection
  let events: LedgerEvent[]

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

  beforeEach(empty)

  async function empty(): Promise<void> {
    projection = new AccessIndexProjection(interpretation)
    events = []
    await emptyIndex(client)
    await client.query(`INSERT INTO projection (name, version, position) VALUES ('access-index', '1', 0) ON CONFLICT (name) DO UPDATE SET position = 0`) // prettier-ignore
  }

  async function arrive(batch: readonly Activity[]): Promise<void> {
    const added = batch.map((told, index) => eventOf(told, events.length + index + 1))
    events.push(...added)
    await transaction(client, async () => {
      await projection.interpret(added)(client)
      await client.query(`UPDATE projection SET position = $1 WHERE name = 'access-index'`, [events.length])
    })
  }

  const mentions = async (after: number, through: number): Promise<readonly Mention[] | undefined> =>
    (await observationsOf(ledger, interpretation, after, through))?.map(mentionOf)

  const carriedBounds = (reads: pg.Pool = pool): CarriedBounds => new CarriedBounds(reads, mentions)

  const ledger: Pick<Ledger, 'read' | 'readAt' | 'recordSpans'> = {
    read: (after, limit) => Promise.resolve(events.slice(after, after + limit)),
    readAt: (positions) => Promise.resolve(positions.flatMap((position) => events.slice(position - 1, position))),
    recordSpans: (after, through) => Promise.resolve(events.slice(after, through).filter(({ streamVersion }) => streamVersion === undefined).map(({ position }) => ({ first: position, last: position }))), // prettier-ignore
  }

  /** So many events of which none is folded into rows: decisions, or records that make the index no fact. */
  async function pass(count: number, event: (position: number) => LedgerEvent): Promise<void> {
    for (let number = 0; number < count; number++) events.push(event(events.length + 1))
    await client.query(`UPDATE projection SET position = $1 WHERE name = 'access-index'`, [events.length])
  }

  const inMemory = (position: number) => {
    const facts = new MemoryFacts()
    for (const event of events) facts.add(interpretEvent(event, interpretation)!)
    return facts.at({ position }).clockBounds(PAIR.presenter, PAIR.issuer)
  }

  it('R1.4 are those that all facts give, in whatever order these came and at whatever cut they are asked for', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, async (arriving) => {
        await empty()
        const carried = carriedBounds()
        for (const { batch, back } of arriving) {
          await arrive(batch)
          const position = Math.max(0, events.length - back)
          const sums = await carried.at(PAIR, position)
          expect(sums).toEqual(await sumClocks(pool, { ...PAIR, position, validUs: MAX_US }))
          if (back === 0 || isOneClaimEach(events)) expect(boundsOf(sums)).toMatchObject(await inMemory(position))
        }
      }),
      { numRuns: thorough(40, 150) },
    )
  }, 240_000)

  const onDate = (carried: CarriedBounds, validAt: number, reads: pg.Pool = pool) =>
    new PostgresFactIndex(reads, { readAt: () => Promise.resolve([]) }, interpretation, { position: events.length, validAt }, { once: new OnceCache(), bounds: carried }) // prettier-ignore

  it('R1.4 R1.10 say of a date what all that had happened by then says', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, fc.array(at, { minLength: 3, maxLength: 3 }), async (arriving, dates) => {
        await empty()
        const carried = carriedBounds()
        for (const { batch } of arriving) await arrive(batch)
        for (const date of dates) {
          const sums = await sumClocks(pool, { ...PAIR, position: events.length, validUs: 1_000 * date })
          const bounds = await onDate(carried, date).clockBounds(PAIR.presenter, PAIR.issuer)
          expect(skewOf(bounds)).toEqual(skewOf(boundsOf(sums)))
        }
      }),
      { numRuns: thorough(40, 150) },
    )
  }, 240_000)

  it('R1.10 are at an earlier cut what they were then, whatever is told of a login later', async () => {
    const login = (time: number, ...more: readonly KeyGroup[]): Activity =>
      activity('login t1', 'login', time, group('federated-session', 'presents', 's1'), group('role', 'binds', 'role'), ...more) // prettier-ignore
    const issued = group('issued', 'establishes', 't1')
    await arrive([activity('in s1', 'login', 1_000, group('session', 'establishes', 's1'))])
    await arrive([login(1_009)])
    await arrive([login(1_012, issued)])
    await arrive([login(1_004, issued)])
    const starts = async (position: number) =>
      (await sumClocks(pool, { ...PAIR, position, validUs: MAX_US })).start?.bound
    expect([await starts(2), await starts(3), await starts(4)]).toEqual([undefined, 9_000, 4_000])
  })

  it('R1.10 are not summed up for a date by which all that gives them had happened', async () => {
    const carried = carriedBounds()
    await arrive([activity('in s1', 'login', 1_000, group('session', 'establishes', 's1'))])
    await arrive([activity('login t1', 'login', 1_009, group('issued', 'establishes', 't1'), group('federated-session', 'presents', 's1'))]) // prettier-ignore
    const summed = async (validAt: number): Promise<number> => {
      const { counted, pool: reads } = countingAnew(pool)
      await onDate(carried, validAt, reads).clockBounds(PAIR.presenter, PAIR.issuer)
      return counted.anew
    }
    expect([await summed(1_008), await summed(1_009), await summed(2_000)]).toEqual([1, 0, 0])
  })

  it('R1.4 are summed up however long it takes, today, of a past state of knowledge and of a date', async () => {
    const reads = createPool(postgres.databaseUrl, { applicationName: 'spec-slow', statementTimeoutMs: 200 })
    await arrive([activity('in s1', 'login', 1_000, group('session', 'establishes', 's1'))])
    await arrive([activity('login t1', 'login', 1_009, group('issued', 'establishes', 't1'), group('federated-session', 'presents', 's1'))]) // prettier-ignore
    const slowly = async <T>(ask: () => Promise<T>): Promise<T> => {
      await client.query('BEGIN')
      await client.query('LOCK TABLE access_key IN ACCESS EXCLUSIVE MODE')
      const asked = ask()
      await Promise.race([asked, setTimeout(600)])
      await client.query('COMMIT')
      return asked
    }
    const carried = carriedBounds(reads)
    const start = { bound: 9_000, since: 1_009_000 }
    expect(await slowly(() => carried.at(PAIR, 2))).toEqual({ start, use: undefined })
    expect(await slowly(() => carried.at(PAIR, 1))).toEqual({ start: undefined, use: undefined })
    const date = onDate(carried, 1_008, reads)
    expect(await slowly(() => date.clockBounds(PAIR.presenter, PAIR.issuer))).toMatchObject({ leastStart: undefined })
    await reads.end()
  })

  it('R1.4 are summed up for so many pairs at once that others find a connection, and for each of them', async () => {
    let [taken, most] = [0, 0]
    const connect = async (): Promise<unknown> => {
      most = Math.max(most, ++taken)
      await setTimeout(5)
      const release = (): void => {
        taken -= 1
      }
      return { query: () => Promise.resolve({ rows: [] }), release }
    }
    const carried = new CarriedBounds({ connect } as unknown as pg.Pool, () => Promise.resolve([]))
    const pairs = Array.from({ length: 12 }, (_, number) => ({ presenter: `p${number}`, issuer: 'i' }))
    const sums = await Promise.all(pairs.map((pair) => carried.at(pair, 1)))
    expect(sums).toEqual(pairs.map(() => ({ start: undefined, use: undefined })))
    expect(most).toBe(3)
  })

  it('R1.4 are not summed up anew for a login, a start, an end or a use that came since', async () => {
    const { counted, pool: reads } = countingAnew(pool)
    const carried = carriedBounds(reads)
    const login = (t: string, s: string, time: number) => activity(`login ${t}`, 'login', time, group('issued', 'establishes', t), group('federated-session', 'presents', s)) // prettier-ignore
    const arriving = [
      [activity('in s1', 'login', 1_000, group('session', 'establishes', 's1')), login('t1', 's1', 1_009)],
      [login('t2', 's1', 1_005), activity('read t2', 'secret-read', 1_030, group('caller', 'presents', 't2'))],
      [activity('out s1', 'logout', 1_028, group('session', 'ends', 's1'))],
      [activity('read t1', 'secret-read', 1_031, group('caller', 'presents', 't1'))],
      [activity('in s9', 'login', 1_000, group('session', 'establishes', 's9'))],
    ]
    for (const batch of arriving) {
      await arrive(batch)
      await carried.at(PAIR, events.length)
    }
    const sums = await carried.at(PAIR, events.length)
    expect(boundsOf(sums)).toMatchObject({ leastStart: 5, lastUse: { greatest: 3, late: 2, tokens: 2 } })
    expect(counted.anew).toBe(1)
  })

  it('R1.4 are not summed up anew after however many decisions, which say nothing of clocks', async () => {
    const { counted, pool: reads } = countingAnew(pool)
    const carried = carriedBounds(reads)
    await arrive([activity('in s1', 'login', 1_000, group('session', 'establishes', 's1'))])
    await carried.at(PAIR, 1)
    await pass(RECORDS_MAX, decisionAt)
    await arrive([activity('login t1', 'login', 1_004, group('issued', 'establishes', 't1'), group('federated-session', 'presents', 's1'))]) // prettier-ignore
    await pass(RECORDS_MAX, decisionAt)
    const sums = await carried.at(PAIR, events.length)
    expect(counted.anew).toBe(1)
    expect(sums).toEqual(await sumClocks(pool, { ...PAIR, position: events.length, validUs: MAX_US }))
    expect(sums.start?.bound).toBe(4_000)
  })

  it('R1.4 are summed up anew after more records than are looked through', async () => {
    const { counted, pool: reads } = countingAnew(pool)
    const carried = carriedBounds(reads)
    await arrive([activity('in s1', 'login', 1_000, group('session', 'establishes', 's1'))])
    await carried.at(PAIR, 1)
    const told = activity('read t1', 'secret-read', 1_030, group('caller', 'presents', 't1'))
    await pass(RECORDS_MAX, (position) => eventOf(told, position))
    await carried.at(PAIR, events.length)
    expect(counted.anew).toBe(1)
    await pass(RECORDS_MAX + 1, (position) => eventOf(told, position))
    await carried.at(PAIR, events.length)
    expect(counted.anew).toBe(2)
  })

  it('R1.4 are carried for every pair by one look at what was recorded between', async () => {
    const { counted, pool: reads } = countingLooks(pool)
    const [carried, pairs] = [carriedBounds(reads), [PAIR, { ...PAIR, issuer: 'github/acme' }]]
    const login = (t: string, s: string, { issuer }: { readonly issuer: string }, time: number): Activity => ({
      ...activity(`login ${t}`, 'login', time, group('issued', 'establishes', t), group('federated-session', 'presents', s)),
      attributes: { origin: 'federated', issuer },
    }) // prettier-ignore
    const arriving = [
      [activity('in s1', 'login', 1_000, group('session', 'establishes', 's1')), activity('in s2', 'login', 1_000, group('session', 'establishes', 's2'))],
      [login('t1', 's1', PAIR, 1_009), login('t2', 's2', { issuer: 'github/acme' }, 1_004)],
    ] // prettier-ignore
    let sums: unknown[] = []
    for (const batch of arriving) {
      await arrive(batch)
      sums = await Promise.all(pairs.map((pair) => carried.at(pair, events.length)))
    }
    expect(sums).toMatchObject([{ start: { bound: 9_000 } }, { start: { bound: 4_000 } }])
    expect(counted.looks).toBe(1)
  })

  it('R1.4 are looked for again where the look at what was recorded between failed', async () => {
    let broken = false
    const told = (after: number, through: number): Activity[] =>
      events.slice(after, through).flatMap((event) => interpretEvent(event, interpretation) ?? [])
    const carried = new CarriedBounds(pool, (after, through) =>
      broken ? Promise.reject(new Error('gone')) : Promise.resolve(told(after, through).map(mentionOf)),
    )
    await arrive([activity('in s1', 'login', 1_000, group('session', 'establishes', 's1'))])
    await carried.at(PAIR, 1)
    await arrive([activity('login t1', 'login', 1_004, group('issued', 'establishes', 't1'), group('federated-session', 'presents', 's1'))]) // prettier-ignore
    broken = true
    await expect(carried.at(PAIR, 2)).rejects.toThrow('gone')
    broken = false
    expect((await carried.at(PAIR, 2)).start?.bound).toBe(4_000)
  })

  it('R1.4 are summed up anew where a record between can no longer be read', async () => {
    const { counted, pool: reads } = countingAnew(pool)
    const carried = carriedBounds(reads)
    await arrive([activity('in s1', 'login', 1_000, group('session', 'establishes', 's1'))])
    await carried.at(PAIR, 1)
    await arrive([activity('login t1', 'login', 1_004, group('issued', 'establishes', 't1'), group('federated-session', 'presents', 's1'))]) // prettier-ignore
    events = events.map((event) => (event.position === 2 ? { ...event, payload: undefined } : event))
    expect((await carried.at(PAIR, 2)).start?.bound).toBe(4_000)
    expect(counted.anew).toBe(2)
  })
})

function eventOf(told: Activity, position: number): LedgerEvent {
  return { position, stream: 'record:vault', source: 'vault', schemaVersion: 1, type: told.type, occurredAt: told.occurredAt, payload: Buffer.from(JSON.stringify(told)) } as LedgerEvent // prettier-ignore
}

function decisionAt(position: number): LedgerEvent {
  return { position, stream: `verdict:${position}`, streamVersion: 1, source: 'catena', schemaVersion: 1, type: 'VerdictChanged', payload: Buffer.from('{}') } as LedgerEvent // prettier-ignore
}

/** Counts the statements that read every login of a pair. */
function countingAnew(pool: pg.Pool): { readonly counted: { anew: number }; readonly pool: pg.Pool } {
  const counted = { anew: 0 }
  const counting = countingPool(pool, (text, values) => {
    if (text.includes('start.at_us') && values?.length === 4) counted.anew++
  })
  return { counted, pool: counting }
}

/** Counts the statements that ask which logins some records tell of. */
function countingLooks(pool: pg.Pool): { readonly counted: { looks: number }; readonly pool: pg.Pool } {
  const counted = { looks: 0 }
  const counting = countingPool(pool, (text) => {
    if (text.includes('told (fact)')) counted.looks++
  })
  return { counted, pool: counting }
}

function countingPool(pool: pg.Pool, count: (text: string, values?: readonly unknown[]) => void): pg.Pool {
  const connectCounted = async (): Promise<pg.PoolClient> => {
    const client = await pool.connect()
    const query = (asked: string | pg.QueryConfig, values?: unknown[]): unknown => {
      if (typeof asked === 'string') count(asked, values)
      else count(asked.text, asked.values)
      return client.query(asked as string, values)
    }
    const release = (error?: Error | boolean): void => client.release(error)
    return { query, release } as unknown as pg.PoolClient
  }
  return { connect: connectCounted } as unknown as pg.Pool
}
