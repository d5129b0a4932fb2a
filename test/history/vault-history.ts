import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WALK_DEFAULTS } from '@catena/access-chain'
import { connectorFor } from '@catena/connectors'
import { followIndex } from '@catena/governance'
import { PostgresLedger } from '@catena/ledger'
import { connect, isTransient } from '@catena/platform'
import { DecisionViewRunner, type AccessReader } from '@catena/projections'
import { accessIndexRunner, DECISION_VIEWS, openReader } from '@catena/runtime'
import { feedRecording, openRecording, RECORDED_KEYS, startTestPostgres } from '@catena/testing'
import { expect } from '@jest/globals'

/** The audit log of one vault, taken in, indexed and summed up. */
export interface VaultHistory {
  readonly reader: AccessReader
  close(): Promise<void>
}

/** `lines` of the log, as the vault writes them. */
export async function openVaultHistory(lines: readonly string[]): Promise<VaultHistory> {
  const folder = await mkdtemp(join(tmpdir(), 'catena-history-'))
  await writeFile(join(folder, 'vault.log'), `${lines.join('\n')}\n`)
  const vault = { id: 'vault', kind: 'vault', scope: 'v-1', files: [{ path: 'vault.log' }] }
  await writeFile(join(folder, 'manifest.json'), JSON.stringify({ sources: [vault] }))
  const postgres = await startTestPostgres()
  const { databaseUrl } = postgres
  const ledger = new PostgresLedger({ databaseUrl })
  const recording = await openRecording(folder)
  await feedRecording(recording, ledger, RECORDED_KEYS)
  const interpretation = { sources: recording.sources, connectorFor }
  const instance = { databaseUrl, ledger, interpretation, configuration: { walk: WALK_DEFAULTS } }
  const failures: unknown[] = []
  // A session that was lost while the machine stood still is begun again.
  const onError = (error: unknown): void => {
    if (!isTransient(error)) failures.push(error)
  }
  const runners = [
    accessIndexRunner(instance, onError),
    new DecisionViewRunner({ views: DECISION_VIEWS, log: ledger, databaseUrl, onError }),
  ]
  for (const runner of runners) runner.start()
  for (const runner of runners) await runner.caughtUp(await ledger.head())
  for (const runner of runners) await runner.stop()
  expect(failures).toEqual([])
  const { reader, close } = openReader(instance)
  const client = await connect(databaseUrl, { applicationName: 'catena-test' })
  while ((await followIndex(client, { reader, ledger, interpretation })).more);
  await client.end()
  return {
    reader,
    close: async () => {
      await close()
      await ledger.close()
      await postgres.stop()
      await rm(folder, { recursive: true })
    },
  }
}
