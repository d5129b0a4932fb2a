import { WALK_DEFAULTS } from '@catena/access-chain'
import { connectorFor } from '@catena/connectors'
import { makeKey, type Key } from '@catena/domain'
import { sharingView, stewardshipView } from '@catena/governance'
import { deriveIntakeKeys } from '@catena/ingest'
import { PostgresLedger } from '@catena/ledger'
import { connect } from '@catena/platform'
import { DecisionViewRunner, type AccessReader, type ProjectionRunner } from '@catena/projections'
import { itemId, subjectOf, type AccessRow, type AccessSummary } from '@catena/recertification'
import { feedRecording, openRecording, startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import { accessIndexRunner, openReader } from '../access.js'
import { governanceFollowers } from '../governance.js'
import { recertificationDesk } from './desk.js'

const NOW = Date.parse('2027-01-01T00:00:00Z')
const ZOE = makeKey('person', 'keycloak/tideline', 'zoe')

let postgres: TestPostgres
let ledger: PostgresLedger
let reader: AccessReader
let runner: ProjectionRunner
let views: DecisionViewRunner
let client: pg.Client
let summary: AccessSummary
let close: () => Promise<void>
let follow: () => Promise<void>

beforeAll(async () => {
  postgres = await startTestPostgres()
  const { databaseUrl } = postgres
  const clock = { now: () => NOW }
  ledger = new PostgresLedger({ databaseUrl, clock })
  const recording = await openRecording()
  const { sources } = recording
  const configuration = { walk: WALK_DEFAULTS, sources, file: undefined, webhookSecrets: new Map() }
  const instance = { databaseUrl, ledger, interpretation: { sources, connectorFor }, configuration }
  ;({ reader, close } = openReader(instance))
  runner = accessIndexRunner(instance, (error) => console.error(error))
  runner.start()
  const onError = (error: unknown): void => console.error(error)
  views = new DecisionViewRunner({ views: [stewardshipView, sharingView], log: ledger, databaseUrl, onError })
  views.start()
  client = await connect(databaseUrl, { applicationName: 'catena-test' })
  const followers = governanceFollowers(instance, reader, () => NOW)
  follow = async () => {
    await runner.caughtUp(await ledger.head())
    for (const { follow: step } of followers) while (await step(client));
    await runner.caughtUp(await ledger.head())
    for (const { follow: step } of followers) while (await step(client));
  }
  summary = recertificationDesk(instance, reader, clock).summary
  await feedRecording(recording, ledger, deriveIntakeKeys(Buffer.alloc(32, 7)))
  await follow()
}, 240_000)
afterAll(async () => {
  await views.stop()
  await runner.stop()
  await client.end()
  await close()
  await ledger.close()
  await postgres.stop()
})

async function all(from: AccessSummary, position: number): Promise<AccessRow[]> {
  const rows: AccessRow[] = []
  for await (const row of from.rows({ position, validAt: NOW })) rows.push(row)
  return rows
}

async function bothWays(): Promise<{ position: number; materialised: AccessRow[]; walked: AccessRow[] }> {
  const [position, materialised] = await summary.pinned(async (pinned, at) => {
    expect(pinned).not.toBe(summary)
    return [at, await all(pinned, at)] as const
  })
  return { position, materialised, walked: await all(summary, position) }
}

async function grant(credential: string, to: Key): Promise<void> {
  await client.query(
    `INSERT INTO decisions.sharing (kind, id, position, at_us, credentials, positions, state)
     VALUES ('grant', 'g1', 1, 0, ARRAY[$1::uuid], ARRAY[1::bigint], $2)`,
    [credential, { status: 'granted', approvedAt: 1, request: { to, toRole: false, requestedBy: ZOE }, approval: { by: ZOE, byBot: false, from: 0, until: NOW + 1 } }],
  )
} // prettier-ignore

describe('accesses at a frozen cut', () => {
  it('R6.3 R6.9 are the same from the materialised summaries and from the walk, row by row and in one order', async () => {
    const { materialised, walked } = await bothWays()
    expect(materialised.length).toBeGreaterThan(100)
    expect(materialised).toEqual(walked)
    const ids = materialised.map((row) => itemId('c', subjectOf(row)))
    expect(new Set(ids).size).toBe(ids.length)
  }, 120_000)

  it('R6.3 tell verdict and failed controls as they were recorded by the cut', async () => {
    const { materialised } = await bothWays()
    const judged = materialised.filter(({ verdict }) => verdict === 'uncontrolled')
    expect(judged.length).toBeGreaterThan(0)
    expect(judged.every(({ failedControls }) => failedControls.length > 0)).toBe(true)
    expect((await all(summary, 1)).every(({ verdict }) => verdict === 'unknown')).toBe(true)
  }, 60_000)

  it('R6.1 of a snapshot stay as they are, whatever becomes known meanwhile', async () => {
    await summary.pinned(async (pinned, position) => {
      const before = await all(pinned, position)
      await client.query('UPDATE governance.checkpoint SET position = position - 1')
      expect(await all(pinned, position)).toEqual(before)
      await client.query('UPDATE governance.checkpoint SET position = position + 1')
    })
  }, 60_000)

  it('R6.3 name the grant on record; somebody who was granted it and never used it has an access too', async () => {
    const { materialised } = await bothWays()
    const person = materialised.find(({ accessor }) => accessor.kind === 'person')
    if (person?.accessor.kind !== 'person') throw new Error('the recording has no person')
    await grant(person.credential.id, person.accessor.key)
    const own = (rows: readonly AccessRow[]): AccessRow[] => rows.filter(({ credential }) => credential.id === person.credential.id)
    const used = await bothWays()
    expect(used.materialised).toEqual(used.walked)
    expect(own(used.materialised).filter(({ grant: found }) => found !== undefined)).toMatchObject([
      { accessor: person.accessor, grant: { id: 'g1', requester: ZOE, approvers: [ZOE], beneficiary: person.accessor.key }, uses: person.uses },
    ])
    await client.query(`DELETE FROM decisions.sharing`)
    await grant(person.credential.id, ZOE)
    const unused = await bothWays()
    expect(unused.materialised).toEqual(unused.walked)
    expect(own(unused.materialised).filter(({ uses, grant: found }) => uses === 0 && found?.id === 'g1')).toMatchObject([
      { accessor: { kind: 'person', key: ZOE }, lastUsedAt: undefined, weakest: 'nothing was obtained' },
    ])
    expect(own(unused.materialised)).toHaveLength(own(materialised).length + 1)
  }, 120_000) // prettier-ignore

  it('are walked where the summaries were never made or stay behind', async () => {
    await client.query(`UPDATE governance.checkpoint SET version = 'older' WHERE name = 'access-summary'`)
    expect(await summary.pinned((pinned) => Promise.resolve(pinned))).toBe(summary)
  })
})
