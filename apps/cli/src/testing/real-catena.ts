import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestPostgres } from '@catena/testing'
import { Command } from 'commander'
import { registerArchive } from '../archive.js'
import type { CliContext } from '../context.js'
import { registerDirectory } from '../directory.js'
import { registerErase } from '../erase.js'
import { registerExport } from '../export.js'
import { registerIdentity } from '../identity.js'
import { registerIngest } from '../ingest.js'
import { registerPeople } from '../people.js'
import { processContext } from '../process-context.js'
import { registerQuarantine } from '../quarantine.js'
import { registerRebuild } from '../rebuild.js'
import { registerSources } from '../sources.js'
import { registerVerify } from '../verify.js'
import { fakeContext, type FakeContext } from './fake-context.js'

/** The command line as a process has it, on a database of its own; only its streams are recorded. */
export interface RealCatena {
  readonly databaseUrl: string
  /** For files of a spec; `catena.yaml` is there. */
  readonly folder: string
  configure(yaml: string): Promise<void>
  catena(...words: string[]): Promise<FakeContext>
  catenaWith(parts: Partial<CliContext>, ...words: string[]): Promise<FakeContext>
  stop(): Promise<void>
}

export const SOURCES = `sources:
  - { id: idp, kind: keycloak, scope: acme }
`

/** `more`: further variables of its environment. */
export async function startRealCatena(more: Readonly<Record<string, string>> = {}): Promise<RealCatena> {
  const database = await startTestPostgres()
  const folder = await mkdtemp(join(tmpdir(), 'catena-command-'))
  const file = join(folder, 'catena.yaml')
  await writeFile(file, SOURCES)
  const env = {
    DATABASE_URL: database.databaseUrl,
    CATENA_DATA: folder,
    CATENA_CONFIG: file,
    USER: 'operator',
    ...more,
  }
  const catenaWith = async (parts: Partial<CliContext>, ...words: string[]): Promise<FakeContext> => {
    const real = processContext(env)
    const context = fakeContext({
      openInstance: () => real.openInstance(),
      openLedger: () => real.openLedger(),
      openReader: (options) => real.openReader(options),
      sources: () => real.sources(),
      now: () => Date.now(),
      env,
      ...parts,
    })
    const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined })
    for (const register of [
      registerArchive,
      registerDirectory,
      registerErase,
      registerExport,
      registerIngest,
      registerIdentity,
      registerPeople,
      registerQuarantine,
      registerRebuild,
      registerSources,
      registerVerify,
    ])
      register(program, context)
    await program.parseAsync(words, { from: 'user' })
    return context
  }
  return {
    databaseUrl: database.databaseUrl,
    folder,
    configure: (yaml) => writeFile(file, yaml),
    catenaWith,
    catena: (...words) => catenaWith({}, ...words),
    stop: async () => {
      await database.stop()
      await rm(folder, { recursive: true })
    },
  }
}

/** The `number`-th record of the source `idp`. */
export function loginLine(number: number): string {
  const [id, time] = [`e${number}`, 1_772_000_000_000 + number]
  return JSON.stringify({ id, time, type: 'LOGIN', realmId: 'acme', userId: 'u1', sessionId: `s${number}` })
}

export function logins(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, index) => `${loginLine(from + index)}\n`).join('')
}
