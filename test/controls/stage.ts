import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectorFor } from '@catena/connectors'
import type { Target } from '@catena/domain'
import { administer, HistoryReader, type Administered, type CredentialHistory } from '@catena/governance'
import { deriveIntakeKeys } from '@catena/ingest'
import { PostgresLedger } from '@catena/ledger'
import { isTransient } from '@catena/platform'
import { credentialOf, DecisionViewRunner, type AccessReader } from '@catena/projections'
import { accessIndexRunner, DECISION_VIEWS, openReader } from '@catena/runtime'
import { ADMINISTRATION_FILE, endOf, FolderOutput, simulate, type SimulationOptions } from '@catena/simulation'
import { feedRecording, openRecording, startTestPostgres, type Recording } from '@catena/testing'

/** A simulated organisation as Catena knows it: its files went through the doors into a ledger of their own, and the read models stand. */
export interface Stage {
  readonly records: number
  readonly folder: string
  /** As everything is known now, of what was true up to a moment. */
  history(credential: string, at: number): Promise<CredentialHistory | undefined>
  /** Ids of all credentials that a record names. */
  credentials(): Promise<readonly { readonly id: string; readonly name: string }[]>
  /** Positions of the records of these facts, and of what lines of the administration decided. */
  positionsOf(causes: readonly string[]): Promise<ReadonlySet<number>>
  close(): Promise<void>
}

export async function stageOrganisation(options: SimulationOptions): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'catena-controls-'))
  const out = new FolderOutput(folder)
  const { records } = simulate(options, out)
  out.close()
  const postgres = await startTestPostgres()
  const clock = { at: options.start, now: () => clock.at }
  const ledger = new PostgresLedger({ databaseUrl: postgres.databaseUrl, clock })
  const recording = await openRecording(folder)
  const told = await tell(await linesOf(folder, ADMINISTRATION_FILE), ledger, clock)
  // The files are collected when all is over: an export without a time of its own tells of the moment at which it was received.
  clock.at = endOf(options)
  await feed(recording, ledger)
  const instance = { databaseUrl: postgres.databaseUrl, ledger, interpretation: { sources: recording.sources, connectorFor } } // prettier-ignore
  await project(instance)
  const { reader, close } = openReader(instance)
  return {
    records,
    folder,
    ...(await questions(reader, told)),
    close: async () => {
      await close()
      await ledger.close()
      await postgres.stop()
      await rm(folder, { recursive: true })
    },
  }
}

/** A credential as incidents name it. */
export function credentialId(target: Target): string {
  return credentialOf(target) ?? ''
}

async function feed(recording: Recording, ledger: PostgresLedger): Promise<void> {
  for (const { failure, quarantined } of await feedRecording(
    recording,
    ledger,
    deriveIntakeKeys(Buffer.alloc(32, 7)),
  )) {
    if (failure !== undefined) throw new Error(failure.message)
    if (quarantined > 0) throw new Error(`${quarantined} records of the simulation cannot be read`)
  }
}

/** What people told Catena, by its own rules and each at its moment. */
async function tell(lines: readonly string[], ledger: PostgresLedger, clock: { at: number }): Promise<Administered> {
  const onMoment = (at: number): void => void (clock.at = at)
  return administer({ streams: ledger, uses: () => Promise.resolve(false), onMoment }, lines)
}

export async function linesOf(folder: string, file: string): Promise<string[]> {
  return (await readFile(join(folder, file), 'utf8')).split('\n').filter((line) => line !== '')
}

async function project(instance: Parameters<typeof accessIndexRunner>[0]): Promise<void> {
  const { ledger, databaseUrl } = instance
  const failures: unknown[] = []
  // A session that was lost while the machine stood still is begun again.
  const onError = (error: unknown): void => {
    if (!isTransient(error)) failures.push(error)
  }
  const index = accessIndexRunner(instance, onError)
  const views = new DecisionViewRunner({ views: DECISION_VIEWS, log: ledger, databaseUrl, onError })
  const head = await ledger.head()
  index.start()
  views.start()
  await Promise.all([index.caughtUp(head), views.caughtUp(head)])
  await Promise.all([index.stop(), views.stop()])
  if (failures.length > 0) throw failures[0]
}

async function questions(
  reader: AccessReader,
  told: Administered,
): Promise<Pick<Stage, 'history' | 'credentials' | 'positionsOf'>> {
  const asOf = await reader.asOf()
  const histories = new HistoryReader(reader)
  return {
    history: (credential, at) => histories.onDate(asOf, credential, at),
    credentials: async () => {
      const { items } = await reader.credentials(asOf, {}, { limit: 10_000, after: undefined })
      return items.map(({ item: { id, system, path } }) => ({ id, name: `${system} ${path}` }))
    },
    positionsOf: async (causes) => {
      const known = await reader.index(asOf).facts(causes.filter((cause) => lineOf(cause) === undefined))
      const said = causes.flatMap((cause) => told.positions.get(lineOf(cause) ?? 0) ?? [])
      return new Set([...[...known.values()].flatMap(({ positions }) => positions), ...said])
    },
  }
}

/** Number of the line of the administration; undefined of a fact. */
function lineOf(cause: string): number | undefined {
  return cause.startsWith('administration:') ? Number(cause.slice('administration:'.length)) : undefined
}
