import { PostgresLedger } from '@catena/ledger'
import { connect } from '@catena/platform'
import { startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import type { Evaluation } from '../controls/evaluate.js'
import type { CredentialHistory } from '../history/credential-history.js'
import { ana, days, history, NOW } from '../testing/histories.js'
import { judgeStale, type NotJudged } from './judge-stale.js'
import { verifyVerdicts } from './verify-verdicts.js'

const IDS = Array.from({ length: 9 }, (_, number) => String(number + 1).repeat(32))
const POISONED = IDS[4]!

describe('stale credentials', () => {
  let postgres: TestPostgres
  let ledger: PostgresLedger
  let client: pg.Client
  /** What is known of each; none of which nothing is. */
  const known = new Map<string, CredentialHistory>()
  beforeAll(async () => {
    postgres = await startTestPostgres()
    ledger = new PostgresLedger({ databaseUrl: postgres.databaseUrl })
    client = await connect(postgres.databaseUrl, { applicationName: 'catena-test' })
  }, 60_000)
  afterAll(async () => {
    await client.end()
    await ledger.close()
    await postgres.stop()
  })
  beforeEach(() => {
    known.clear()
    for (const id of IDS) known.set(id, { ...history(), id })
  })

  const histories = {
    async *current(credentials: readonly string[]): AsyncGenerator<CredentialHistory[]> {
      await Promise.resolve()
      yield credentials.flatMap((id) => known.get(id) ?? [])
    },
  }
  const failures: NotJudged[] = []
  const step = (at = NOW, by: pg.ClientBase = client) =>
    judgeStale(by, { histories, streams: ledger, now: () => at, onFailed: (error) => void failures.push(error) })
  const stale = async (ids: readonly string[], position: number) =>
    client.query(
      `INSERT INTO governance.stale_credential (credential, position) SELECT credential, $2 FROM unnest($1::uuid[]) AS row (credential)
       ON CONFLICT (credential) DO UPDATE SET position = $2`,
      [ids, position],
    )
  const waiting = async () =>
    (await client.query<{ credential: string }>('SELECT credential FROM governance.stale_credential')).rows.map(
      ({ credential }) => credential.replaceAll('-', ''),
    )
  const recorded = async () => {
    const all = await ledger.readDecisions(0, 10_000)
    return all.map(({ stream, streamVersion, payload }) => [stream, streamVersion, payload?.toString()])
  }
  const evaluations = async () =>
    (await client.query<{ body: Evaluation }>('SELECT body FROM governance.evaluation ORDER BY credential')).rows // prettier-ignore

  it('R5.1 are judged, but for one that cannot be, which is told, waits and is judged when it can', async () => {
    const healthy = known.get(POISONED)
    known.set(POISONED, { ...history(), id: POISONED, accessors: undefined as never })
    await stale(IDS, 1)
    expect(await step()).toBe(false)
    expect(failures.map(({ credentials }) => credentials)).toEqual([[POISONED]])
    expect(await waiting()).toEqual([POISONED])
    expect((await evaluations()).length).toBe(IDS.length - 1)
    const streams = (await recorded()).map(([stream]) => String(stream))
    expect(IDS.filter((id) => !streams.includes(`verdict:${id}`))).toEqual([POISONED])
    await step(NOW + 1_000)
    expect(failures.length).toBe(1)
    if (healthy !== undefined) known.set(POISONED, healthy)
    await step(NOW + 3_600_000)
    expect(await waiting()).toEqual([])
    expect((await evaluations()).length).toBe(IDS.length)
  })

  it('R5.1 R1.10 are judged again after an end between ledger and rows, and nothing is recorded twice', async () => {
    const before = await recorded()
    for (const id of IDS) known.set(id, { ...history({ owner: { key: ana, name: 'ana', at: days(1), by: 'x' } }), id, position: 200 }) // prettier-ignore
    await stale(IDS, 200)
    const ending = Object.create(client, {
      query: {
        value: (query: string | { text: string }, values?: unknown[]) => {
          const text = typeof query === 'string' ? query : query.text
          if (text.includes('INSERT INTO governance.evaluation'))
            throw Object.assign(new Error('ended'), { code: '57P01' })
          return client.query(query as string, values)
        },
      },
    }) as pg.Client
    const at = NOW + 7_200_000
    await expect(step(at, ending)).rejects.toThrow('ended')
    const appended = await recorded()
    expect(appended.length).toBeGreaterThan(before.length)
    expect((await waiting()).sort()).toEqual(IDS)
    await step(at)
    expect(await recorded()).toEqual(appended)
    expect(await waiting()).toEqual([])
    for (const { body } of await evaluations())
      expect(body.results).toContainEqual(expect.objectContaining({ control: 'owner-accountable', verdict: 'controlled' })) // prettier-ignore
  })

  /** Credentials in the order in which they were judged last. */
  const parts: string[] = []
  /** A part each. */
  const apart = {
    async *current(credentials: readonly string[]): AsyncGenerator<CredentialHistory[]> {
      await Promise.resolve()
      for (const id of credentials) {
        parts.push(id)
        yield [known.get(id)!]
      }
    },
  }
  const stepApart = (at: number, streams: PostgresLedger) =>
    judgeStale(client, { histories: apart, streams, now: () => at })
  const streamsIn = (events: readonly unknown[][]) => [...new Set(events.map(([stream]) => String(stream).split(':')[1]))] // prettier-ignore

  it('R5.1 are recorded in the order in which they were judged, while the next is decided already', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e'].map((letter) => letter.repeat(32))
    for (const id of ids) known.set(id, { ...history(), id })
    const before = (await recorded()).length
    let next = (): void => undefined
    const isNextDecided = new Promise<void>((resolve) => (next = resolve))
    let asked = 0
    const slow = Object.create(ledger, {
      versionsOf: {
        value: async (streams: readonly string[]) => {
          if (++asked === 2) next()
          if (asked === 1) await isNextDecided
          return ledger.versionsOf(streams)
        },
      },
    }) as PostgresLedger
    await stale(ids, 210)
    parts.length = 0
    await stepApart(NOW + 7_500_000, slow)
    expect([...parts].sort()).toEqual(ids)
    expect(streamsIn((await recorded()).slice(before))).toEqual(parts)
    const kept = await client.query(`SELECT FROM governance.evaluation WHERE credential = ANY($1::uuid[])`, [ids])
    expect(kept.rowCount).toBe(ids.length)
    await client.query('DELETE FROM governance.evaluation WHERE credential = ANY($1::uuid[])', [ids])
  })

  it('R5.1 R1.10 leave nothing of a later part where an earlier one is lost', async () => {
    const ids = ['a', 'b', 'c'].map((letter) => letter.repeat(31) + '0')
    for (const id of ids) known.set(id, { ...history(), id })
    await stale(ids, 220)
    const before = await recorded()
    let appends = 0
    const lost = Object.create(ledger, {
      appendTogether: {
        value: (...asked: Parameters<PostgresLedger['appendTogether']>) =>
          appends++ === 0
            ? Promise.reject(Object.assign(new Error('lost'), { retryable: true }))
            : ledger.appendTogether(...asked),
      },
    }) as PostgresLedger
    await expect(stepApart(NOW + 7_600_000, lost)).rejects.toThrow('lost')
    expect(await recorded()).toEqual(before)
    expect((await waiting()).sort()).toEqual(ids)
    await stepApart(NOW + 7_600_000, ledger)
    expect(streamsIn((await recorded()).slice(before.length)).sort()).toEqual(ids)
    await client.query('DELETE FROM governance.evaluation WHERE credential = ANY($1::uuid[])', [ids])
  })

  it('R5.1 of which nothing is known any more have no verdict', async () => {
    known.delete(IDS[0]!)
    await stale(IDS.slice(0, 2), 300)
    await step(NOW + 10_800_000)
    expect((await evaluations()).length).toBe(IDS.length - 1)
    expect(await waiting()).toEqual([])
  })

  it('R5.1 are looked at again when their verdict stands no longer', async () => {
    const due = async () =>
      (await client.query(`SELECT FROM governance.evaluation WHERE valid_until <= to_timestamp($1 / 1000.0)`, [at])).rowCount // prettier-ignore
    const at = NOW + 3 * 86_400_000
    const rows = await recorded()
    expect(await due()).toBe(IDS.length - 1)
    for (const [id, one] of known) known.set(id, { ...one, at, position: 400 })
    await step(at)
    expect(await due()).toBe(0)
    expect((await recorded()).length).toBeGreaterThanOrEqual(rows.length)
  })

  describe('R5.1 R7.1 as answers show them', () => {
    /** A database administrator's own transaction: every edit is taken back. */
    const found = async (...edits: string[]): Promise<readonly string[]> => {
      await client.query('BEGIN')
      try {
        for (const edit of edits) expect((await client.query(edit)).rowCount).toBe(1)
        return (await verifyVerdicts({ pool: client as unknown as pg.Pool, streams: ledger }, 'all', 's')).findings
      } finally {
        await client.query('ROLLBACK')
      }
    }
    const ONE = `credential = '${IDS[0]!}'`
    const excused = `jsonb_set(body, '{results,0,verdict}', '"exception"')`

    it('are those that the ledger has, of all and of a sample', async () => {
      for (const id of IDS) known.set(id, { ...history(), id, position: 400 })
      await stale(IDS, 400)
      await step(NOW + 7_200_000)
      const pool = client as unknown as pg.Pool
      expect(await verifyVerdicts({ pool, streams: ledger }, 'all', 's')).toEqual({ count: IDS.length, findings: [], findingsCount: 0 }) // prettier-ignore
      expect(await verifyVerdicts({ pool, streams: ledger }, 2, 's')).toMatchObject({ count: 2, findings: [] })
    })

    it('are told where the table says otherwise', async () => {
      const credential = `credential ${IDS[0]!}`
      expect(await found(`UPDATE governance.evaluation SET verdict = 'controlled' WHERE ${ONE}`)).toEqual([expect.stringMatching(`^${credential}: it is shown as controlled, and its controls say `)]) // prettier-ignore
      expect(await found(`UPDATE governance.evaluation SET body = ${excused} WHERE ${ONE}`)).toEqual([expect.stringMatching(`^${credential}: [a-z-]+ is shown as exception, and the ledger says controlled`)]) // prettier-ignore
      expect(await found(`UPDATE governance.evaluation SET body = body #- '{results,0}' WHERE ${ONE}`)).toEqual([expect.stringMatching(`^${credential}: [a-z-]+ is shown as not applying, and the ledger says `)]) // prettier-ignore
    })
  })
})
