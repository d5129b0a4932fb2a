import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { createLogger, findInstance, interruption, readSettings, type Settings } from '@catena/platform'
import {
  accessIndexRunner,
  joinedConfiguration,
  joinInstance,
  KafkaWatch,
  openReader,
  type Instance,
} from '@catena/runtime'
import type { CliContext, OpenLedger, OpenReader, Sources } from './context.js'
import { CommandFailure, EXIT } from './exit-codes.js'
import { awaitProjector, projectHere } from './read-models.js'
import { counted } from './terminal/numbers.js'

type Environment = Readonly<Record<string, string | undefined>>

const COLUMNS_DEFAULT = 80

/** The context of this process: its streams, its environment and the instance that they lead to. */
export function processContext(env: Environment = process.env): CliContext {
  return {
    sources: () => readSources(env),
    openLedger: () => openLedger(env),
    openReader: (options = {}) => openAnswers(env, options.catchUp !== false),
    openInstance: () => openInstance(env),
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    isTerminal: process.stdout.isTTY,
    columns: process.stdout.columns || COLUMNS_DEFAULT,
    env,
    now: () => Date.now(),
    interrupted: interruption,
    exit: (code) => (process.exitCode = code),
  }
}

async function readSources(env: Environment): Promise<Sources> {
  const { file, sources } = await joinedConfiguration(readSettings(env), env)
  return { sources, origin: file === undefined ? undefined : relative(process.cwd(), file) || file }
}

async function openLedger(env: Environment): Promise<OpenLedger> {
  const instance = await joinInstance(readSettings(env), env)
  return { ledger: instance.ledger, keys: instance.keys, close: () => instance.close() }
}

async function openInstance(env: Environment): Promise<Instance> {
  const settings = readSettings(env)
  await holdsAlone(settings)
  return joinInstance(settings, env)
}

async function openAnswers(env: Environment, catchUp: boolean): Promise<OpenReader> {
  const settings = readSettings(env)
  const isAlone = await holdsAlone(settings)
  const instance = await joinInstance(settings, env)
  const { reader, close: closeReader } = openReader(instance)
  const watch = new KafkaWatch(instance, createLogger('silent'))
  const open: OpenReader = {
    reader,
    ledger: instance.ledger,
    ...(watch.isConfigured ? { kafkaLag: () => watch.lag() } : {}),
    close: async () => {
      await watch.onApplicationShutdown()
      await closeReader()
      await instance.close()
    },
  }
  try {
    if (catchUp) await bringUp(open, instance, isAlone)
    return open
  } catch (error) {
    await open.close()
    throw error
  }
}

/** True: no other process is at the database. To look into an empty folder starts no server and leaves nothing behind. */
async function holdsAlone({ databaseUrl, dataFolder }: Settings): Promise<boolean> {
  if (databaseUrl !== undefined || (await findInstance(dataFolder)) !== undefined) return false
  if (existsSync(join(dataFolder, 'postgres', 'cluster'))) return true
  throw new CommandFailure(
    `no Catena runs on ${dataFolder} and nothing is stored there: start \`catena up\`, or set CATENA_DATA or DATABASE_URL`,
    EXIT.unreachable,
  )
}

async function bringUp({ reader, ledger }: OpenReader, instance: Instance, isAlone: boolean): Promise<void> {
  if (isAlone || (await reader.projectedPosition()) === 0) {
    await projectHere(ledger, (onError) => accessIndexRunner(instance, onError))
    return
  }
  if (await awaitProjector(reader, ledger)) return
  const behind = (await ledger.head()) - (await reader.projectedPosition())
  process.stderr.write(
    `catena: ${counted(behind, 'record')} not yet in this answer: no projector is at work, start \`catena up\`\n`,
  )
}
