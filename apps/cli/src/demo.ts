import { randomUUID } from 'node:crypto'
import { copyFile, mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectorFor } from '@catena/connectors'
import { ingestFile } from '@catena/ingest'
import { loadConfiguration, onTermination, readSettings } from '@catena/platform'
import type { DemoOrganisation } from './demo/organisation.js'
import { RECORDED } from './demo/recorded.js'
import { simulatedYear } from './demo/simulated.js'
import { startAll, type Running } from './up.js'

export interface Demo {
  readonly running: Running
  readonly organisation: DemoOrganisation
  /** Leads other commands to this instance. */
  readonly env: Readonly<Record<string, string | undefined>>
  stop(): Promise<void>
}

/** A whole Catena in a throw-away data folder, fed with a simulated year or with the recording. */
export async function startDemo(
  env: Readonly<Record<string, string | undefined>>,
  say: (line: string) => void,
  isRecording: boolean,
): Promise<Demo> {
  const dataFolder = join(tmpdir(), `catena-demo-${randomUUID()}`)
  const remove = (): Promise<void> => rm(dataFolder, { recursive: true, force: true })
  try {
    await mkdir(dataFolder, { recursive: true })
    const organisation = isRecording ? RECORDED : simulatedYear(join(dataFolder, 'organisation'))
    // Other commands find the sources by the data folder alone.
    await copyFile(join(organisation.folder, 'catena.yaml'), join(dataFolder, 'catena.yaml'))
    const ownEnv = {
      CATENA_PORT: env.CATENA_PORT,
      CATENA_HOST: env.CATENA_HOST,
      LOG_LEVEL: env.LOG_LEVEL ?? 'warn',
      CATENA_DATA: dataFolder,
      CATENA_CONFIG: join(organisation.folder, 'catena.yaml'),
    }
    const running = await fed(ownEnv, organisation, say)
    const stop = async (): Promise<void> => {
      await running.stop()
      await remove()
    }
    return { running, organisation, env: ownEnv, stop }
  } catch (error) {
    await remove()
    throw error
  }
}

async function fed(
  env: Readonly<Record<string, string | undefined>>,
  organisation: DemoOrganisation,
  say: (line: string) => void,
): Promise<Running> {
  const settings = readSettings(env)
  const running = await startAll(settings, env, await loadConfiguration(settings, env))
  try {
    await feed(running, organisation, say)
    return running
  } catch (error) {
    await running.stop()
    throw error
  }
}

async function feed(
  { instance, projector }: Running,
  { words, folder, files }: DemoOrganisation,
  say: (line: string) => void,
): Promise<void> {
  say(`Feeding ${words}:`)
  for (const [id, file] of files) {
    const source = instance.configuration.sources.find((candidate) => candidate.id === id)
    if (source === undefined) throw new Error(`the demo's catena.yaml names no source ${id}`)
    const { ledger, keys } = instance
    const summary = await ingestFile({ path: join(folder, file), source, ledger, keys, connectorFor, final: true })
    say(
      `  ${id.padEnd(10)} ${file.padEnd(28)} ${String(summary.stored).padStart(6)} stored ${String(summary.duplicates).padStart(3)} duplicate ${String(summary.quarantined).padStart(3)} quarantined`,
    )
  }
  await projector.caughtUp(await instance.ledger.head())
}

/** Ends the demo on SIGTERM or SIGINT and takes its data with it. */
export function endWithProcess(demo: Demo): void {
  onTermination(() => demo.stop())
}
