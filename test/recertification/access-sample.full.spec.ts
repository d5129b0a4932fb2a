import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WALK_DEFAULTS } from '@catena/access-chain'
import { connectorFor } from '@catena/connectors'
import { deriveIntakeKeys } from '@catena/ingest'
import { PostgresLedger } from '@catena/ledger'
import { connect } from '@catena/platform'
import { DecisionViewRunner } from '@catena/projections'
import type { AccessRow, AccessSummary } from '@catena/recertification'
import {
  accessIndexRunner,
  DECISION_VIEWS,
  governanceFollowers,
  openReader,
  recertificationDesk,
} from '@catena/runtime'
import { endOf, FolderOutput, simulate, SIMULATION_DEFAULTS } from '@catena/simulation'
import { feedRecording, openRecording, startTestPostgres, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { chance } from '../faults/kafka-feed.js'

/** Some thousand accesses, incidents among them. */
const ORGANISATION = { ...SIMULATION_DEFAULTS, people: 120, credentials: 600, days: 10, rate: 4_000 }
const END = endOf(ORGANISATION)
const SAMPLE = 1_000
const SEED = Number(process.env['CATENA_SEED'] ?? 61)

let folder: string
let postgres: TestPostgres
let summary: AccessSummary
const ends: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catena-sample-'))
  const out = new FolderOutput(folder)
  simulate(ORGANISATION, out)
  out.close()
  postgres = await startTestPostgres()
  await fill()
}, 300_000)
afterAll(async () => {
  for (const end of ends.reverse()) await end()
  await postgres.stop()
  await rm(folder, { recursive: true })
})

/** The organisation's files go through the doors, and everything that follows the ledger reaches its end. */
async function fill(): Promise<void> {
  const { databaseUrl } = postgres
  const clock = { now: () => END }
  const ledger = new PostgresLedger({ databaseUrl, clock })
  const recording = await openRecording(folder)
  const { sources } = recording
  const configuration = { walk: WALK_DEFAULTS, sources, file: undefined, webhookSecrets: new Map() }
  const instance = { databaseUrl, ledger, interpretation: { sources, connectorFor }, configuration }
  const { reader, close } = openReader(instance)
  const onError = (error: unknown): void => console.error(error)
  const index = accessIndexRunner(instance, onError)
  const views = new DecisionViewRunner({ views: DECISION_VIEWS, log: ledger, databaseUrl, onError })
  const client = await connect(databaseUrl, { applicationName: 'catena-test', statementTimeoutMs: 0 })
  ends.push(() => ledger.close(), close, () => client.end(), () => views.stop(), () => index.stop()) // prettier-ignore
  await feedRecording(recording, ledger, deriveIntakeKeys(Buffer.alloc(32, 7)))
  index.start()
  views.start()
  // Verdicts are events of the ledger themselves, which the index and the summaries pass over.
  for (let round = 0; round < 2; round++) {
    await Promise.all([index.caughtUp(await ledger.head()), views.caughtUp(await ledger.head())])
    for (const { follow } of governanceFollowers(instance, reader, clock.now)) while (await follow(client));
  }
  ;({ summary } = recertificationDesk(instance, reader, clock))
}

/** All rows of the materialised summaries, at the position of their snapshot. */
function materialised(): Promise<{ position: number; rows: AccessRow[] }> {
  return summary.pinned(async (pinned, position) => {
    if (pinned === summary) throw new Error('the summaries are walked, not read')
    const rows: AccessRow[] = []
    for await (const row of pinned.rows({ position, validAt: END })) rows.push(row)
    return { position, rows }
  })
}

function byCredential(rows: readonly AccessRow[]): Map<string, AccessRow[]> {
  const found = new Map<string, AccessRow[]>()
  for (const row of rows) found.set(row.credential.id, [...(found.get(row.credential.id) ?? []), row])
  return found
}

/** Credentials by chance, with all their accesses, until there are enough. */
function sampleOf(rows: readonly AccessRow[]): Map<string, AccessRow[]> {
  const all = byCredential(rows)
  const [left, draw, sample] = [[...all.keys()], chance(SEED), new Map<string, AccessRow[]>()]
  for (let size = 0; size < SAMPLE;) {
    const [id = ''] = left.splice(Math.floor(draw() * left.length), 1)
    const own = all.get(id) ?? []
    sample.set(id, own)
    size += own.length
  }
  return sample
}

it('R6.3 a random sample of a thousand accesses is the same from the materialised summaries and from the walk', async () => {
  const { position, rows } = await materialised()
  expect(rows.length).toBeGreaterThan(SAMPLE)
  const sample = sampleOf(rows)
  const walked = await summary.rowsOf([...sample.keys()], { position, validAt: END })
  console.info(`${walked.length} accesses of ${sample.size} credentials, out of ${rows.length}; seed ${SEED}`)
  expect(byCredential(walked)).toEqual(sample)
}, 300_000)
