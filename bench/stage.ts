import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectorFor } from '@catena/connectors'
import { ingestFile, type FileSummary } from '@catena/ingest'
import { readSettings } from '@catena/platform'
import { accessIndexRunner, openInstance, openReader, type Instance } from '@catena/runtime'
import { openRecording } from '@catena/testing'
import type { AccessReader } from '@catena/projections'

export interface Fed {
  readonly summary: FileSummary
  readonly ledgerMs: number
  readonly totalMs: number
}

/** An empty instance in a throw-away folder, as `npm start` runs it: everything in one process, durable settings. */
export interface Stage {
  readonly folder: string
  readonly instance: Instance
  readonly reader: AccessReader
  /** Feeds a file of Vault records into the ledger and, where the stage projects, read models; resolves when both have all of it. */
  feed(file: string): Promise<Fed>
  /** Brings the read models up to the ledger. */
  project(): Promise<void>
  close(): Promise<void>
}

export interface StageOptions {
  /** `false` leaves the read models alone until `project` is called. */
  readonly project?: boolean
  /** The instance of this folder, as it stands or empty, which is kept when the stage is closed. */
  readonly folder?: string | undefined
}

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const folder = options.folder ?? join(tmpdir(), `catena-bench-${randomUUID()}`)
  const { sources } = await openRecording()
  const instance = await openInstance(
    readSettings({ CATENA_DATA: folder }),
    {},
    { configuration: { file: undefined, sources, walk: {}, webhookSecrets: new Map() } },
  )
  const { reader, close } = openReader(instance)
  const runner = accessIndexRunner(instance, (error) => {
    throw error
  })
  const projects = options.project !== false
  if (projects) runner.start()
  const project = async (): Promise<void> => {
    runner.start()
    await runner.caughtUp(await instance.ledger.head())
  }
  const feed: Stage['feed'] = async (path) => {
    const source = sources.find(({ kind }) => kind === 'vault')
    if (source === undefined) throw new Error('the recording has no vault')
    const start = performance.now()
    const { ledger, keys } = instance
    const summary = await ingestFile({ path, source, ledger, keys, connectorFor, final: true })
    const ledgerMs = performance.now() - start
    if (projects) await project()
    return { summary, ledgerMs, totalMs: performance.now() - start }
  }
  return {
    folder,
    instance,
    reader,
    feed,
    project,
    close: async () => {
      await runner.stop()
      await close()
      await instance.close()
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true })
    },
  }
}
