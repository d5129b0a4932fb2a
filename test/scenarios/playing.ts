/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-return: off -- an answer has the shape of its query */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectorFor } from '@catena/connectors'
import type { SourceInstance } from '@catena/domain'
import { ingestFile } from '@catena/ingest'
import { PostgresLedger } from '@catena/ledger'
import { connect, createLogger, systemClock } from '@catena/platform'
import { DecisionViewRunner } from '@catena/projections'
import { accessIndexRunner, DECISION_VIEWS, governanceFollowers, openReader } from '@catena/runtime'
import { FILES } from '@catena/simulation'
import { asCaller, openRecording, startTestPostgres } from '@catena/testing'
import { jest } from '@jest/globals'
import { createApi } from '../../apps/api/src/create-api.js'
import { manifestOf, settingsOf } from '../../libs/simulation/src/output/settings.js'
import { instanceOn, testCallersOf } from '../instance-on.js'
import { START, type Decision, type Step, type Voice } from './story.js'

/** A story as Catena knows it: its records went through the doors, its decisions through the API, and verdicts were recorded. */
export interface Played {
  /** By GraphQL; the errors of an answer are thrown. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers have the shape of their query
  ask(by: Voice, query: string, variables?: object): Promise<any>
  /** Positions of records whose text contains this. */
  positionsOf(text: string): Promise<number[]>
  close(): Promise<void>
}

/** Lets everything happen in its order, with the clock at each moment. */
export async function playStory(steps: readonly Step[], end: number): Promise<Played> {
  const clock = { at: START, now: () => clock.at }
  const told = jest.spyOn(systemClock, 'now').mockImplementation(() => clock.at)
  const folder = await mkdtemp(join(tmpdir(), 'catena-scenarios-'))
  const { sources } = await sourcesIn(folder)
  const postgres = await startTestPostgres()
  const { databaseUrl } = postgres
  const ledger = new PostgresLedger({ databaseUrl, clock })
  const instance = instanceOn({ databaseUrl, ledger, sources })
  const { reader, close } = openReader(instance)
  const failures: unknown[] = []
  const onError = (error: unknown): void => void failures.push(error)
  const index = accessIndexRunner(instance, onError)
  const views = new DecisionViewRunner({ views: DECISION_VIEWS, log: ledger, databaseUrl, onError })
  const client = await connect(databaseUrl, { applicationName: 'catena-test' })
  const followers = governanceFollowers(instance, reader, () => clock.at, onError)
  index.start()
  views.start()
  const logger = createLogger('info', { write: (line) => void failures.push(...faultsIn(line)) })
  const api = await createApi({ instance, reader, logger, callers: testCallersOf(instance, reader.pool) })
  const url = await api.listen('127.0.0.1', 0)

  const caughtUp = async (): Promise<void> => {
    const head = await ledger.head()
    await Promise.all([index.caughtUp(head), views.caughtUp(head)])
  }
  const look = async (): Promise<void> => {
    await caughtUp()
    for (let more = true; more;) {
      more = false
      for (const { follow } of followers) more = (await follow(client)) || more
    }
    await caughtUp()
  }
  const ask: Played['ask'] = async (by, query, variables = {}) => {
    const headers = asCaller({ id: by.key, name: by.name, kind: by.kind ?? 'person', roles: by.roles as never, keys: [by.key as never] }) // prettier-ignore
    const { data, errors } = await post(url, { query, variables }, headers)
    if (errors !== undefined) throw new Error(`${JSON.stringify(errors)}\n${query}\n${failures.map(String).join('\n')}`)
    return data
  }
  const decide = async (decision: Decision): Promise<void> => {
    await caughtUp()
    const { it } = await ask(decision.by, `mutation { it: ${decision.mutation()} }`)
    decision.answer = it
  }

  let batch = 0
  const waiting = new Map<string, string[]>()
  const flush = async (): Promise<void> => {
    for (const [file, lines] of waiting) {
      const path = join(folder, `${++batch}-${file}`)
      await writeFile(path, lines.map((line) => `${line}\n`).join(''))
      const source = sources.find(({ id }) => id === FILES[file as keyof typeof FILES])!
      const { failure, quarantined } = await ingestFile({
        path,
        source,
        ledger,
        connectorFor,
        keys: instance.keys,
        final: true,
      })
      if (failure !== undefined || quarantined > 0) throw new Error(`${file}: ${failure?.message ?? 'unreadable'}`)
    }
    waiting.clear()
  }
  for (const step of steps) {
    if ('file' in step) {
      // What was recorded by then is received together.
      waiting.set(step.file, [...(waiting.get(step.file) ?? []), step.line])
      clock.at = step.at
      continue
    }
    await flush()
    clock.at = step.at
    await ('decision' in step ? decide(step.decision) : look())
  }
  await flush()
  clock.at = end
  await look()
  if (failures.length > 0) throw failures[0]
  return {
    ask,
    positionsOf: async (text) => {
      const { rows } = await client.query<{ position: string }>(`SELECT position FROM event WHERE convert_from(payload, 'UTF8') LIKE '%' || $1 || '%' ORDER BY position`, [text]) // prettier-ignore
      return rows.map(({ position }) => Number(position))
    },
    close: async () => {
      await api.close()
      await Promise.all([index.stop(), views.stop()])
      await client.end()
      await close()
      await ledger.close()
      await postgres.stop()
      await rm(folder, { recursive: true })
      told.mockRestore()
    },
  }
}

async function sourcesIn(folder: string): Promise<{ sources: readonly SourceInstance[] }> {
  await writeFile(join(folder, 'manifest.json'), manifestOf(settingsOf(undefined, 0), []))
  return openRecording(folder)
}

/** A question that could not be answered is a fault of the story. */
function faultsIn(line: string): string[] {
  return line.includes('could not be answered') ? [line] : []
}

async function post(url: string, body: object, more: Readonly<Record<string, string>>) {
  const headers = { 'content-type': 'application/json', ...more }
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify(body) })
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers have the shape of their query
  return (await response.json()) as { data: any; errors?: object[] }
}
