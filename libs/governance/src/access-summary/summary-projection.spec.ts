import { connectorFor } from '@catena/connectors'
import { deriveIntakeKeys } from '@catena/ingest'
import { PostgresLedger, type NewDecision, type NewRecord, type RecordBatch } from '@catena/ledger'
import { connect, transaction } from '@catena/platform'
import { credentialOf, type AccessReader, type KnownAsOf, type ProjectionRunner } from '@catena/projections'
import { accessIndexRunner, openReader } from '@catena/runtime'
import { feedRecording, openRecording, startTestPostgres, thorough, type TestPostgres } from '@catena/testing'
import { WALK_DEFAULTS } from '@catena/access-chain'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import type pg from 'pg'
import { sourceAlive } from '../controls/source-alive.js'
import { datedChains } from '../history/read-dated-chains.js'
import { HistoryReader } from '../history/read-history.js'
import { walkedChains } from '../history/read-walked-chains.js'
import type { Retrieval } from '../history/retrieval.js'
import { credentialsSeenBy } from '../revocation/read-leaver.js'
import { summarise, type AccessSummary } from './access-summary.js'
import { fillRows } from './fill-rows.js'
import { listSummaries, newestRetrievals, summariesOf, summaryPosition } from './read-summaries.js'
import { followIndex, type SummarySource } from './summary-projection.js'
import { verifyAccesses, type VerifiedAccesses } from './verify-accesses.js'
import { walkRetrievals } from './walk-retrievals.js'

/** Positions at which the order of records is mixed. */
const PARTS = 7

/** Orders in which parts of all records arrive. */
const ORDERS: Readonly<Record<string, (records: readonly NewRecord[]) => NewRecord[][]>> = {
  'what happened late first': (records) => inParts(records).reverse(),
  'in no order': (records) => inParts(mixed(records)),
  'the issuers last': (records) => inParts([...records].sort((a, b) => lateness(a) - lateness(b))),
  'with some that are not interpreted, last': (records) => [...inParts(records.filter((record) => !isOddRecord(record))), records.filter(isOddRecord)],
} // prettier-ignore

/** Of what people did at the identity provider the connectors fail on some, of the vault's records on fewer. */
const ODD = 'with some that are not interpreted, last'
function isOdd(source: string, recordId: string): boolean {
  return recordId.endsWith(source === 'keycloak' ? '7' : '7f') && source !== 'github'
}

function isOddRecord({ source, recordId }: NewRecord): boolean {
  return isOdd(source, Buffer.from(recordId).toString('hex'))
}

const failing: typeof connectorFor = (kind) => ({
  ...connectorFor(kind),
  interpret: (record, source) => {
    if (isOdd(record.source, record.recordId)) throw new TypeError('odd')
    return connectorFor(kind).interpret(record, source)
  },
})

function inParts(records: readonly NewRecord[]): NewRecord[][] {
  const size = Math.ceil(records.length / PARTS)
  return Array.from({ length: PARTS }, (_, part) => records.slice(part * size, (part + 1) * size))
}

/** The same way each time; found among others because it brings a sign-in of somebody whose reads came before. */
function mixed(records: readonly NewRecord[]): NewRecord[] {
  let place = 118_785
  const next = (): number => (place = (place * 1_103_515_245 + 12_345) % 2 ** 31)
  const placed = records.map((record) => ({ record, place: next() }))
  return placed.sort((a, b) => a.place - b.place).map(({ record }) => record)
}

function lateness({ source }: NewRecord): number {
  return ['vault', 'keycloak', 'github'].indexOf(source)
}

/** Whatever the order, the same rows; what is asked of these rows is asked where they came in no order. */
const MIXED = 'in no order'
const entries = Object.entries(ORDERS)

describe.each(
  thorough(
    entries.filter(([order]) => order === MIXED || order === ODD),
    entries,
  ),
)('the materialised access summary, %s', (order, arriving) => {
  let postgres: TestPostgres
  let ledger: PostgresLedger
  let source: SummarySource
  let reader: AccessReader
  let client: pg.Client
  let runner: ProjectionRunner
  let close: () => Promise<void>
  const behind: VerifiedAccesses[] = []

  beforeAll(async () => {
    postgres = await startTestPostgres()
    ledger = new PostgresLedger({ databaseUrl: postgres.databaseUrl })
    const { sources } = await openRecording()
    const interpretation = { sources, connectorFor: order === ODD ? failing : connectorFor }
    const instance = {
      databaseUrl: postgres.databaseUrl,
      ledger,
      interpretation,
      configuration: { walk: WALK_DEFAULTS },
    }
    const opened = openReader(instance)
    reader = opened.reader
    close = opened.close
    source = { reader, ledger, interpretation }
    client = await connect(postgres.databaseUrl, { applicationName: 'catena-test' })
    runner = accessIndexRunner(instance, (error) => console.error(error))
    runner.start()
    await feedMixed()
  }, 240_000)

  afterAll(async () => {
    await runner.stop()
    await client.end()
    await close()
    await ledger.close()
    await postgres.stop()
  })

  /** Records of all files in parts; the summary follows after each. */
  async function feedMixed(): Promise<void> {
    const batches: RecordBatch[] = []
    const recording = await openRecording()
    const collector = {
      laneStand: () => Promise.resolve(undefined),
      append: (batch: RecordBatch) => {
        batches.push(batch)
        const { records, quarantined } = batch
        return Promise.resolve({
          head: 0,
          stored: records.length,
          duplicates: 0,
          quarantined: quarantined.length,
          admitted: { records, quarantined },
        })
      },
    }
    await feedRecording(recording, collector, deriveIntakeKeys(Buffer.alloc(32, 7)))
    for (const records of arriving(batches.flatMap((batch) => batch.records))) {
      const { head } = await ledger.append({ records, quarantined: [] })
      await runner.caughtUp(head)
      // The index is ahead of the rows here, which are right as of where they stand.
      if (order === MIXED) behind.push(await verifyAccesses({ pool: reader.pool, reader }, 100, `${head}`))
      while ((await followIndex(client, source)).more);
    }
  }

  async function walkedAfresh(asOf: KnownAsOf): Promise<Map<string, Retrieval[]>> {
    const all = new Map<string, Retrieval[]>()
    let after: readonly string[] | undefined
    for (;;) {
      const page = await reader.facts(asOf, {}, { limit: 300, after })
      const { rows } = await client.query<{ fact_id: string; credential: string | null }>(
        'SELECT fact_id, credential FROM governance.retrieval WHERE fact_id = ANY($1)',
        [page.items.map(({ item }) => item.factId)],
      )
      const slots = new Map(rows.map(({ fact_id, credential }) => [fact_id, credential?.replaceAll('-', '')]))
      for (const { retrieval } of await walkRetrievals(
        reader,
        asOf,
        page.items.map(({ item }) => item),
      )) {
        const credential = slots.get(retrieval.fact) ?? 'none'
        all.set(credential, [...(all.get(credential) ?? []), retrieval])
      }
      after = page.items.at(-1)?.place
      if (!page.hasMore) return all
    }
  }

  it('R1.9 R6.3 equals the walk, however late the records that changed its chains came', async () => {
    const asOf = await reader.asOf()
    expect(await summaryPosition(client)).toBe(asOf.position)
    const fresh = await walkedAfresh(asOf)
    const { rows } = await client.query<{ body: Retrieval }>('SELECT body FROM governance.retrieval')
    const stored = new Map(rows.map(({ body }) => [body.fact, body]))
    const walked = [...fresh.values()].flat()
    expect(walked.length).toBeGreaterThan(200)
    expect(stored.size).toBe(walked.length)
    const different = walked.filter(
      (retrieval) => JSON.stringify(sorted(retrieval)) !== JSON.stringify(sorted(stored.get(retrieval.fact))),
    )
    expect(different.map((retrieval) => [retrieval, stored.get(retrieval.fact)])).toEqual([])
  }, 60_000)

  it('R6.3 sums what its retrievals say, per credential and accessor', async () => {
    const fresh = await walkedAfresh(await reader.asOf())
    fresh.delete('none')
    const expected = [...fresh].flatMap(([credential, own]) => summarise(credential, own))
    const listed: AccessSummary[] = []
    for (;;) {
      const last = listed.at(-1)
      const page = await listSummaries(
        client,
        last === undefined ? undefined : { credential: last.credential, accessor: last.accessor.id },
        50,
      )
      listed.push(...page)
      if (page.length < 50) break
    }
    const byPlace = (all: readonly AccessSummary[]) => all.map((one) => JSON.stringify(sorted(one))).sort()
    expect(byPlace(listed)).toEqual(byPlace(expected))
    expect(listed.length).toBeGreaterThan(10)
    const [one] = listed
    expect((await summariesOf(client, [one!.credential])).get(one!.credential)).toContainEqual(one)
    expect((await newestRetrievals(client, [one!.credential], 3)).get(one!.credential)?.length).toBeGreaterThan(0)
  }, 60_000)

  it.each(['all', 7] as const)(
    'R7.1 is found as the walk says, whether %s are compared',
    async (extent) => {
      const verified = await verifyAccesses({ pool: reader.pool, reader }, extent, 'seed')
      expect(verified).toMatchObject({ isMade: true, findings: [], findingsCount: 0 })
      expect(verified.count).toBeGreaterThan(extent === 'all' ? 200 : 5)
    },
    120_000,
  )

  if (order === ODD) {
    it('R2.7 does not know that the log was alive where a record of it was not interpreted, and asks again at once', async () => {
      const asOf = await reader.asOf()
      const { rows } = await client.query<{ credential: string; position: string | null }>(
        `SELECT replace(credential::text, '-', '') AS credential, position FROM access_credential LEFT JOIN governance.stale_credential USING (credential)
         WHERE system LIKE 'vault/%'`,
      )
      expect(rows.length).toBeGreaterThan(5)
      expect(rows.filter(({ position }) => Number(position) !== asOf.position)).toEqual([])
      const { lost = [] } = (await reader.index(asOf).coverage('vault')) ?? {}
      expect(lost.length).toBeGreaterThan(0)
      const histories = await Promise.all(
        rows.map(({ credential }) => new HistoryReader(reader).onDate(asOf, credential, lost[0]!.to)),
      )
      const history = histories.find((one) => one !== undefined)
      expect(sourceAlive.test(history!, { silenceHours: 24 })).toMatchObject({ verdict: 'unknown', reason: 'Records of its system were lost in the period.' }) // prettier-ignore
    }, 60_000)
  }

  it('R1.1 R4.2 has whoever unwrapped a secret among those who obtained it, and not whoever had it wrapped', async () => {
    const asOf = await reader.asOf()
    const filter = { kinds: ['response-unwrapped'] as const, outcomes: ['succeeded'] as const }
    const { items } = await reader.facts(asOf, filter, { limit: 500 })
    const chains = await reader.chains(asOf, items.map(({ item }) => item)) // prettier-ignore
    const opened = chains.filter(({ content }) => content?.state === 'proven')
    expect(opened.length).toBeGreaterThan(1)
    let leavers = 0
    for (const { fact, content, actor } of opened) {
      const credential = credentialOf(fact.target!)!
      const listed = (await reader.facts(asOf, { credential }, { limit: 5_000 })).items.map(({ item }) => item.factId)
      expect([listed.includes(fact.factId), listed.includes(content!.facts[0]!)]).toEqual([true, false])
      const { rows } = await client.query<{ accessor: string }>('SELECT accessor FROM governance.retrieval WHERE fact_id = $1 AND credential = $2', [fact.factId, credential])
      const accessors = (await summariesOf(client, [credential])).get(credential)?.map(({ accessor }) => accessor.id)
      expect(accessors).toContain(rows[0]?.accessor)
      if (actor.kind !== 'attributed') continue
      // From the summaries, and of a time of before by what came through the person's names.
      for (const then of [asOf, { ...asOf, validAt: fact.occurredAt + 1 }])
        expect((await credentialsSeenBy(reader, then, actor.principal.key, fact.occurredAt + 1)).seen).toContain(credential)
      leavers++
      expect((await client.query('SELECT FROM governance.retrieval WHERE fact_id = $1', [content!.facts[0]])).rowCount).toBe(0)
    }
    expect(leavers).toBeGreaterThan(0)
  }, 60_000) // prettier-ignore

  if (order !== MIXED) return

  it('R7.1 was right of where the rows stood whenever the index was ahead of them', () => {
    expect(behind.flatMap(({ findings }) => findings)).toEqual([])
    expect(behind.filter(({ isMade, count }) => isMade && count > 50).length).toBeGreaterThan(3)
    // They are not made before they are first followed.
    expect(behind[0]).toMatchObject({ isMade: false, count: 0 })
  })

  it('R7.1 names what the index has that cannot be walked, beside all else that is found', async () => {
    const { rows } = await client.query<{ fact: string; fact_id: string }>('SELECT fact, fact_id FROM governance.retrieval WHERE obtained ORDER BY fact LIMIT 2') // prettier-ignore
    const [first, second] = rows
    await client.query('CREATE TABLE kept_body AS SELECT body FROM access_fact WHERE fact = $1', [first!.fact])
    await client.query(`UPDATE access_fact SET body = '{"cut' WHERE fact = $1`, [first!.fact])
    await client.query('UPDATE governance.retrieval SET obtained = false WHERE fact = $1', [second!.fact])
    const { findings } = await verifyAccesses({ pool: reader.pool, reader }, 'all', 'seed').finally(async () => {
      await client.query('UPDATE access_fact SET body = kept_body.body FROM kept_body WHERE fact = $1', [first!.fact])
      await client.query('UPDATE governance.retrieval SET obtained = true WHERE fact = $1', [second!.fact])
      await client.query('DROP TABLE kept_body')
    })
    expect(findings).toContain(`retrieval ${first!.fact.replaceAll('-', '')}: its chain cannot be walked, for what the access index has of it cannot be read`) // prettier-ignore
    expect(findings).toContain(`retrieval ${second!.fact_id}: its chain says otherwise (obtained)`)
  }, 60_000)

  it.each([
    ['a retrieval that is gone', 'DELETE FROM governance.retrieval WHERE fact = $1', /^retrieval .*: it is not kept$/],
    ['one that says something else', `UPDATE governance.retrieval SET body = jsonb_set(body::jsonb, '{path,state}', '"proven!"')::json WHERE fact = $1`, /^retrieval .*: its chain says otherwise \(body\)$/],
    ['one of which the text is gone', `UPDATE governance.retrieval SET body = 'null' WHERE fact = $1`, /^retrieval .*: its chain says otherwise \(body\)$/],
    ['one that counts as not obtained', 'UPDATE governance.retrieval SET obtained = NOT obtained WHERE fact = $1', /\(obtained\)$/],
    ['one that ended at another time', 'UPDATE governance.retrieval SET end_us = 7 WHERE fact = $1', /\(end_us\)$/],
    ['one of another credential', `UPDATE governance.retrieval SET credential = md5('other')::uuid WHERE fact = $1`, /\(credential\)$/],
    ['one of nobody’s', `INSERT INTO governance.retrieval SELECT (jsonb_populate_record(r, jsonb_build_object('fact', md5('other')))).* FROM governance.retrieval r WHERE fact = $1`, /: it is kept, and there is no such chain$/],
    ['what it counts under', `UPDATE governance.shape SET names = '{}' WHERE shape = (SELECT shape FROM governance.retrieval WHERE fact = $1)`, /\(names\)$/],
    ['a sum that is gone', 'DELETE FROM governance.access_summary s USING governance.retrieval r WHERE fact = $1 AND s.credential = r.credential AND s.accessor = r.accessor', /: the sum of its retrievals is not kept$/],
    ['a sum that says something else', `UPDATE governance.access_summary s SET body = s.body || '{"denied": 99}' FROM governance.retrieval r WHERE fact = $1 AND s.credential = r.credential AND s.accessor = r.accessor`, /another sum \(body\)$/],
    ['a sum by other keys', `UPDATE governance.access_summary s SET keys = '{another}' FROM governance.retrieval r WHERE fact = $1 AND s.credential = r.credential AND s.accessor = r.accessor`, /another sum \(keys\)$/],
    ['a sum of another count', `UPDATE governance.access_summary s SET tally = s.tally || '{"outcome:denied": 99}' FROM governance.retrieval r WHERE fact = $1 AND s.credential = r.credential AND s.accessor = r.accessor`, /another sum \(tally\)$/],
    ['a sum without a retrieval', `INSERT INTO governance.access_summary SELECT md5('other')::uuid, s.accessor, s.keys, s.tally, s.last_us, s.body FROM governance.access_summary s JOIN governance.retrieval r USING (credential, accessor) WHERE fact = $1`, /: a sum is kept, and there is no retrieval$/],
    ['what all were made under', `UPDATE governance.checkpoint SET surroundings = jsonb_set(surroundings, '{skews}', '{"a b": [1, 2]}') WHERE name = 'access-summary' AND $1::uuid IS NOT NULL`, /^clocks and coverage /],
  ])('R7.1 tells of %s, which somebody changed by hand', async (_, edit, told) => {
    const { rows } = await client.query<{ fact: string }>('SELECT fact FROM governance.retrieval WHERE obtained AND end_us IS NULL AND credential IS NOT NULL ORDER BY fact OFFSET 20 LIMIT 1') // prettier-ignore
    await client.query('BEGIN')
    const changed = await client.query(edit, [rows[0]!.fact])
    expect(changed.rowCount).toBe(1)
    // The one connection that the change is seen by; it is the caller's transaction.
    const inside = { connect: () => Promise.resolve({ query: (...asked: [string]) => (/^(BEGIN|COMMIT|ROLLBACK|SET TRANSACTION)/.test(asked[0]) ? { rows: [] } : client.query(...asked)), release: () => undefined }) } // prettier-ignore
    const verified = await verifyAccesses({ pool: inside as unknown as pg.Pool, reader }, 'all', 'seed')
    await client.query('ROLLBACK')
    expect(verified.findings.filter((finding) => told.test(finding))).not.toEqual([])
    expect(verified.findingsCount).toBeLessThan(10)
  }, 60_000) // prettier-ignore

  it('R7.1 R5.2 tells of a chain that stands from a later time on than is kept, and of no other', async () => {
    const verified = async (edit: string) => {
      await client.query('BEGIN')
      const { rows } = await client.query<{ fact_id: string }>(edit)
      const inside = { connect: () => Promise.resolve({ query: (...asked: [string]) => (/^(BEGIN|COMMIT|ROLLBACK|SET TRANSACTION)/.test(asked[0]) ? { rows: [] } : client.query(...asked)), release: () => undefined }) } // prettier-ignore
      const { findings } = await verifyAccesses({ pool: inside as unknown as pg.Pool, reader }, 'all', 'seed')
      await client.query('ROLLBACK')
      return { findings, edited: rows.map(({ fact_id }) => fact_id) }
    }
    const later = await verified('UPDATE governance.retrieval SET settled_us = settled_us + 1000 RETURNING fact_id')
    expect(later.findings).toEqual([])
    // A federated one is walked anew for dates about which less was covered, whatever its row says.
    const early = await verified('UPDATE governance.retrieval SET settled_us = at_us WHERE end_us > at_us AND NOT slot_end AND settled_us >= end_us AND NOT federated RETURNING fact_id') // prettier-ignore
    expect(early.edited).not.toEqual([])
    const told = early.edited.map((id) => `retrieval ${id}: its chain stands from a later time on than is kept (settled_us)`) // prettier-ignore
    expect([...early.findings].sort()).toEqual(told.sort())
  }, 120_000)

  it('R5.2 says on any date what walking says on that date, mostly without walking', async () => {
    const asOf = await reader.asOf()
    const { rows } = await client.query<{ credential: string; times: number[] }>(
      `SELECT replace(credential::text, '-', '') AS credential, array_agg((at_us / 1000.0)::float8 ORDER BY at_us) AS times
       FROM governance.retrieval WHERE credential IS NOT NULL GROUP BY 1 ORDER BY 1`,
    )
    let [compared, unsettled, all] = [0, 0, 0]
    for (const { credential, times } of rows) {
      for (const at of datesAround(times)) {
        const dated = { ...asOf, validAt: at }
        const kept = await datedChains(reader, dated, credential, 501)
        const walked = await walkedChains(reader, dated, credential)
        expect([credential, at, sorted(kept?.accessors)]).toEqual([credential, at, sorted(walked.accessors)])
        expect([credential, at, sorted(kept?.newest)]).toEqual([credential, at, sorted(walked.newest.slice(0, 501))])
        compared++
        // The recording is of minutes; what happens takes hours to settle.
        if (at < Math.max(...times) + 3_600_000) continue
        unsettled += kept?.walked ?? 0
        all += walked.newest.length
      }
    }
    expect(compared).toBeGreaterThan(100)
    expect(all).toBeGreaterThan(100)
    expect(unsettled).toBeLessThan(all / 10)
  }, 240_000)

  it('R6.3 is made anew in small parts side by side, and comes out the same', async () => {
    const rows = async (table: string, place: string) =>
      (
        await client.query<{ body: unknown; rest: Record<string, unknown> }>(
          `SELECT to_jsonb(t) - 'body' AS rest, body FROM governance.${table} t ORDER BY ${place}`,
        )
      ).rows
    const all = async () => ({
      retrievals: await rows('retrieval', 'fact'),
      summaries: await rows('access_summary', 'credential, accessor'),
      shapes: (
        await client.query(
          `SELECT * FROM governance.shape s WHERE EXISTS (SELECT FROM governance.retrieval r WHERE r.shape = s.shape) ORDER BY shape`,
        )
      ).rows,
    })
    const before = await all()
    const asOf = await reader.asOf()
    await transaction(client, () => fillRows(client, reader, asOf, { walkedAtOnce: 23, shapesAtOnce: 7 }))
    const after = await all()
    expect(after.retrievals.length).toBeGreaterThan(200)
    // The moment from which on a chain stands may lie later where others were shown beside it.
    const said = ({ retrievals }: typeof before) =>
      retrievals.map(({ body, rest }) => ({ body, rest: { ...rest, settled_us: 0 } }))
    expect(said(after)).toEqual(said(before))
    expect(after.summaries).toEqual(before.summaries)
    expect(after.shapes).toEqual(before.shapes)
  }, 120_000)

  it('R6.3 says of each retrieval, made from nothing among all others, what its walk alone says', async () => {
    const asOf = await reader.asOf()
    await transaction(client, () => fillRows(client, reader, asOf))
    const { rows } = await client.query<{ fact_id: string; body: Retrieval }>(
      'SELECT fact_id, body FROM governance.retrieval',
    )
    const facts = await reader.index(asOf).facts(rows.map(({ fact_id }) => fact_id))
    const different: unknown[] = []
    for (const { fact_id, body } of rows) {
      const [alone] = await walkRetrievals(reader, asOf, [facts.get(fact_id)!])
      if (JSON.stringify(sorted(body)) !== JSON.stringify(sorted(alone?.retrieval)))
        different.push([body, alone?.retrieval])
    }
    expect(rows.length).toBeGreaterThan(200)
    expect(different).toEqual([])
  }, 120_000)

  it('R1.10 passes over decisions without reading them', async () => {
    const opened = (number: number): NewDecision => ({ type: 'Opened', schemaVersion: 1, occurredAt: number, actor: 'timer:test', payload: Buffer.from('{}'), subjects: [] }) // prettier-ignore
    const { head } = await ledger.appendDecisions('passed-over', 0, Array.from({ length: 2_500 }, (_, number) => opened(number))) // prettier-ignore
    await runner.caughtUp(head)
    const read = jest.spyOn(ledger, 'read')
    while ((await followIndex(client, source)).more);
    expect(await summaryPosition(reader.pool)).toBe(head)
    const whole = read.mock.calls.filter(([, limit]) => limit > 1_000)
    read.mockRestore()
    expect(whole).toEqual([])
  })

  it('is made anew, and comes out the same, when the access index is of another version', async () => {
    const hash = async () =>
      (
        await client.query<{ hash: string }>(
          `SELECT md5(string_agg(body::text, '' ORDER BY credential, accessor)) AS hash FROM governance.access_summary`,
        )
      ).rows[0]?.hash
    const before = await hash()
    await client.query(`UPDATE governance.checkpoint SET version = 'older'`)
    await client.query(`UPDATE governance.retrieval SET body = '{}'`)
    while ((await followIndex(client, source)).more);
    expect(await hash()).toBe(before)
  }, 120_000)
})

/** Before, between, just at and just after what happened, and long after. */
function datesAround(times: readonly number[]): number[] {
  const [first = 0, last = 0] = [times[0], times.at(-1)]
  const some = [0.2, 0.5, 0.8].map((share) => times[Math.floor(share * (times.length - 1))] ?? first)
  return [first - 1, ...some, ...some.map((at) => at + 5_000), last, last + 60_000, last + 7_200_000, last + 400 * 86_400_000] // prettier-ignore
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, sorted(inner)])) // prettier-ignore
}
