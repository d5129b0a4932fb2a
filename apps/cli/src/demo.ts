import { randomUUID } from 'node:crypto'
import { copyFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectorFor } from '@catena/connectors'
import { ingestFile } from '@catena/ingest'
import { loadConfiguration, onTermination, readSettings } from '@catena/platform'
import { startAll, type Running } from './up.js'

const RECORDING = join(process.cwd(), 'test', 'recordings', 'vault-keycloak')

/** Files of the recorded organisation, by the source that wrote them. */
const FILES: readonly (readonly [string, string])[] = [
  ['vault', 'vault-audit-a.log.gz'],
  ['vault', 'vault-audit-b.log.gz'],
  ['vault', 'vault-server.log'],
  ['keycloak', 'keycloak-events.json'],
  ['keycloak', 'keycloak-admin-events.json'],
  ['keycloak', 'keycloak.log'],
  ['keycloak', 'keycloak-users.json'],
  ['github', 'ci-webhooks.simulated.jsonl'],
]

/** A lease that a CI job obtained and whose end was seen. */
export const DEMO_TERM = 'database/creds/ci-migrate/ov9EpbnlRaQ6YkHGMHs3H3xA'

export interface Demo {
  readonly running: Running
  /** Leads other commands to this instance. */
  readonly env: Readonly<Record<string, string | undefined>>
  stop(): Promise<void>
}

/** A whole Catena in a throw-away data folder, fed with the recorded organisation. */
export async function startDemo(
  env: Readonly<Record<string, string | undefined>>,
  say: (line: string) => void,
): Promise<Demo> {
  const dataFolder = join(tmpdir(), `catena-demo-${randomUUID()}`)
  const ownEnv = {
    CATENA_PORT: env.CATENA_PORT,
    CATENA_HOST: env.CATENA_HOST,
    LOG_LEVEL: env.LOG_LEVEL ?? 'warn',
    CATENA_DATA: dataFolder,
    CATENA_CONFIG: join(RECORDING, 'catena.yaml'),
  }
  const settings = readSettings(ownEnv)
  const running = await startAll(settings, ownEnv, await loadConfiguration(settings, ownEnv))
  const stop = async (): Promise<void> => {
    await running.stop()
    await rm(dataFolder, { recursive: true, force: true })
  }
  try {
    // Other commands find the sources by the data folder alone.
    await copyFile(join(RECORDING, 'catena.yaml'), join(dataFolder, 'catena.yaml'))
    await feed(running, say)
  } catch (error) {
    await stop()
    throw error
  }
  return { running, env: ownEnv, stop }
}

async function feed({ instance, projector }: Running, say: (line: string) => void): Promise<void> {
  say('Feeding the records of an invented organisation (seven minutes of a real Vault and Keycloak, simulated CI):')
  for (const [id, file] of FILES) {
    const source = instance.configuration.sources.find((candidate) => candidate.id === id)
    if (source === undefined) throw new Error(`the demo's catena.yaml names no source ${id}`)
    const { ledger, keys } = instance
    const summary = await ingestFile({ path: join(RECORDING, file), source, ledger, keys, connectorFor, final: true })
    say(
      `  ${id.padEnd(9)} ${file.padEnd(28)} ${String(summary.stored).padStart(5)} stored ${String(summary.duplicates).padStart(3)} duplicate ${String(summary.quarantined).padStart(3)} quarantined`,
    )
  }
  await projector.caughtUp(await instance.ledger.head())
}

/** Ends the demo on SIGTERM or SIGINT and takes its data with it. */
export function endWithProcess(demo: Demo): void {
  onTermination(() => demo.stop())
}
