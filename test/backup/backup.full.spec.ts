import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyLedger } from '@catena/ledger'
import { readSettings, type Configuration } from '@catena/platform'
import { accessIndexRunner, openInstance, openReader, type Instance } from '@catena/runtime'
import { feedRecording, openRecording } from '@catena/testing'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { answerOf, type Answer } from '../truth/answers.js'
import { requestsOf } from '../truth/requests.js'
import { localPostgresFolder, startLocalPostgres } from './local-postgres.js'

jest.setTimeout(300_000)

const recording = await openRecording()
const configuration: Configuration = {
  file: undefined,
  sources: recording.sources,
  walk: {},
  webhookSecrets: new Map(),
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'catena-backup-'))
  // An embedded server started as root runs as another user, which must be able to walk through.
  execFileSync('chmod', ['711', folder])
})
afterEach(() => rmSync(folder, { recursive: true }))

function open(dataFolder: string, more: Readonly<Record<string, string>> = {}): Promise<Instance> {
  return openInstance(readSettings({ CATENA_DATA: dataFolder, ...more }), {}, { configuration })
}

/** What an auditor gets to know of every request of the recording. */
async function answersOf(instance: Instance): Promise<Answer[]> {
  const faults: unknown[] = []
  const runner = accessIndexRunner(instance, (error) => faults.push(error))
  runner.start()
  await runner.caughtUp(await instance.ledger.head())
  await runner.stop()
  expect(faults).toEqual([])
  const { reader, close } = openReader(instance)
  const asOf = await reader.asOf()
  const answers: Answer[] = []
  for await (const requests of requestsOf(reader, asOf)) {
    const chains = await reader.chains(asOf, requests.map(({ fact }) => fact)) // prettier-ignore
    answers.push(...chains.map((chain, index) => answerOf(requests[index]?.requestId ?? '', chain)))
  }
  await close()
  return answers
}

/** A fed instance before the backup: what is restored must say the same. */
async function feed(instance: Instance): Promise<{ head: number; answers: Answer[] }> {
  for (const { failure } of await feedRecording(recording, instance.ledger, instance.keys))
    expect(failure).toBeUndefined()
  const [head, answers] = [await instance.ledger.head(), await answersOf(instance)]
  expect(head).toBeGreaterThan(4_000)
  expect(answers.length).toBeGreaterThan(500)
  return { head, answers }
}

async function expectTheSame(
  restored: Instance,
  { head, answers }: { head: number; answers: Answer[] },
): Promise<void> {
  const { findings, events } = await verifyLedger(restored.databaseUrl)
  expect([findings, events]).toEqual([[], head])
  expect((await restored.ledger.conservation()).holds).toBe(true)
  expect(await answersOf(restored)).toEqual(answers)
  // Redelivery, by a door that has no offset: the files as records that come by HTTP would.
  const before = await restored.ledger.intake()
  const known = { append: restored.ledger.append.bind(restored.ledger), laneStand: () => Promise.resolve(undefined) }
  const again = await feedRecording(
    recording,
    { ...known, append: (batch) => known.append({ records: batch.records, quarantined: batch.quarantined }) },
    restored.keys,
  )
  expect(again.map(({ stored, quarantined }) => [stored, quarantined])).toEqual(again.map(() => [0, 0]))
  expect(again.reduce((total, { duplicates }) => total + duplicates, 0)).toBe(
    before.reduce((total, { read }) => total + read, 0),
  )
  expect(await restored.ledger.head()).toBe(head)
}

describe('a stopped instance with its own database', () => {
  it('is its data folder: a copy of it elsewhere answers the same and knows every record (R7.1, R1.9)', async () => {
    const [original, copy] = [join(folder, 'original'), join(folder, 'copy')]
    const instance = await open(original)
    const expected = await feed(instance)
    await instance.close()
    execFileSync('cp', ['-a', original, copy])
    rmSync(original, { recursive: true })
    const restored = await open(copy)
    await expectTheSame(restored, expected)
    await restored.close()
  })
})

const programs = localPostgresFolder()
if (programs === undefined)
  console.warn('SKIPPED, NO DUMP IS TESTED: no PostgreSQL server with its own pg_dump is installed')
const describeDump = programs === undefined ? describe.skip : describe

describeDump('an instance on a server of one’s own', () => {
  it('comes back from pg_dump and the installation key on an empty server, and answers the same (R7.1, R1.9)', async () => {
    const [first, second] = await Promise.all([startLocalPostgres(programs ?? ''), startLocalPostgres(programs ?? '')])
    try {
      const dump = join(folder, 'catena.dump')
      const instance = await open(join(folder, 'data'), { DATABASE_URL: first.url })
      const expected = await feed(instance)
      // While it runs: a dump is one snapshot.
      first.run('pg_dump', ['--format=custom', `--file=${dump}`, first.url])
      await instance.close()
      await first.stop()

      for (const role of ['catena_app', 'catena_erase'])
        second.run('psql', ['-c', `CREATE ROLE ${role} NOLOGIN`, second.url])
      second.run('pg_restore', ['--exit-on-error', '--single-transaction', `--dbname=${second.url}`, dump])
      const key = join(folder, 'restored', 'installation.key')
      await expect(open(join(folder, 'restored'), { DATABASE_URL: second.url })).rejects.toThrow(
        /is not the installation key of this database/,
      )
      mkdirSync(join(folder, 'restored'), { recursive: true })
      copyFileSync(join(folder, 'data', 'installation.key'), key)
      const restored = await open(join(folder, 'restored'), { DATABASE_URL: second.url })
      await expectTheSame(restored, expected)
      await restored.close()
    } finally {
      await Promise.all([first.stop(), second.stop()])
    }
  })
})
