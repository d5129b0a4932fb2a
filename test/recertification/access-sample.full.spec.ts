import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deriveIntakeKeys } from '@catena/ingest'
import { connect } from '@catena/platform'
import type { AccessRow } from '@catena/recertification'
import { governanceFollowers } from '@catena/runtime'
import { endOf, FolderOutput, simulate, SIMULATION_DEFAULTS } from '@catena/simulation'
import { feedRecording, openRecording } from '@catena/testing'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { chance } from '../faults/kafka-feed.js'
import { openFedLedger, type FedLedger } from './fed-ledger.js'

/** Some thousand accesses, incidents among them. */
const ORGANISATION = { ...SIMULATION_DEFAULTS, people: 120, credentials: 600, days: 10, rate: 4_000 }
const END = endOf(ORGANISATION)
const SAMPLE = 1_000
const SEED = Number(process.env['CATENA_SEED'] ?? 61)

let folder: string
let fed: FedLedger
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catena-sample-'))
  const out = new FolderOutput(folder)
  simulate(ORGANISATION, out)
  out.close()
  const recording = await openRecording(folder)
  fed = await openFedLedger(recording.sources, { systems: [], receivers: [] }, END)
  await feedRecording(recording, fed.ledger, deriveIntakeKeys(Buffer.alloc(32, 7)))
  await follow()
}, 300_000)
afterAll(async () => {
  await fed.close()
  await rm(folder, { recursive: true })
})

/** Verdicts are events of the ledger themselves, which the index and the summaries pass over in a second round. */
async function follow(): Promise<void> {
  const client = await connect(fed.source.databaseUrl, { applicationName: 'catena-test', statementTimeoutMs: 0 })
  for (let round = 0; round < 2; round++) {
    await fed.settle()
    for (const follower of governanceFollowers(fed.source, fed.reader, () => END))
      while (await follower.follow(client));
  }
  await client.end()
}

/** All rows of the materialised summaries, at the position of their snapshot. */
function materialised(): Promise<{ position: number; rows: AccessRow[] }> {
  const { summary } = fed.recertification
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
  const walked = await fed.recertification.summary.rowsOf([...sample.keys()], { position, validAt: END })
  console.info(`${walked.length} accesses of ${sample.size} credentials, out of ${rows.length}; seed ${SEED}`)
  expect(byCredential(walked)).toEqual(sample)
}, 300_000)
