import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import type { Rebuilt } from '@catena/projections'
import { rebuildAccessIndex, type AccessIndexSource } from '@catena/runtime'
import type { Command } from 'commander'
import type { CliContext } from './context.js'
import { CommandFailure, EXIT, type ExitCode } from './exit-codes.js'
import { ProgressLine } from './ingest/progress-line.js'
import { RebuildWatch } from './rebuild/progress.js'
import { rebuiltJson, renderRebuilt } from './rebuild/summary.js'
import { paperOf, runCommand } from './run-command.js'

export interface RebuildCommandOptions {
  readonly yes?: boolean
  readonly acceptDifference?: boolean
  readonly json?: boolean
}

type OpenInstance = () => Promise<AccessIndexSource & { close(): Promise<void> }>

/** The projections that there are. */
const PROJECTIONS = ['access-index']

const HELP = `
Reads the whole ledger into new tables beside those that answer, compares the two, and switches in one transaction. Answers go on meanwhile,
from the old tables; whatever ends the command before the switch leaves those in place. Needs about as much disk again as the read model.

Exit codes:
  0  rebuilt and switched
  1  wrong use, a fault, another rebuild is at work, archives are missing, or the new tables differ from the old: nothing was switched
  5  no database or instance can be reached`

export function registerRebuild(program: Command, context: CliContext): void {
  program
    .command('rebuild')
    .description('build a read model anew from the ledger, beside the one that answers')
    .argument('[projection]', `which one: ${PROJECTIONS.join(', ')}`, PROJECTIONS[0])
    .option('--yes', 'do not ask')
    .option('--accept-difference', 'switch even where the new tables differ from the old, for example after an erasure')
    .option('--json', 'for scripts')
    .addHelpText('after', HELP)
    .action((projection: string, options: RebuildCommandOptions) =>
      runCommand(context, () => rebuildReadModel(context, projection, options, () => context.openInstance())),
    )
}

export async function rebuildReadModel(
  context: CliContext,
  projection: string,
  options: RebuildCommandOptions,
  open: OpenInstance,
): Promise<ExitCode> {
  if (!PROJECTIONS.includes(projection))
    throw new CommandFailure(`unknown projection "${projection}": there is ${PROJECTIONS.join(', ')}`)
  if (context.isTerminal && options.yes !== true && !(await isConfirmed(context, projection))) {
    context.stderr.write('catena: nothing was done\n')
    return EXIT.failed
  }
  const instance = await open()
  try {
    const rebuilt = await build(context, instance, options)
    context.stdout.write(options.json === true ? rebuiltJson(projection, rebuilt) : renderRebuilt(projection, rebuilt))
    return EXIT.ok
  } finally {
    await instance.close()
  }
}

async function build(
  context: CliContext,
  instance: AccessIndexSource,
  options: RebuildCommandOptions,
): Promise<Rebuilt> {
  const line = new ProgressLine(context.stderr, () => context.now())
  const watch = new RebuildWatch(context.now())
  const shows = context.isTerminal && options.json !== true
  try {
    return await rebuildAccessIndex(instance, {
      acceptDifference: options.acceptDifference === true,
      signal: context.interrupted(),
      onProgress: (progress) => {
        if (shows) line.draw(() => watch.render(progress, context.now(), paperOf(context)))
      },
    })
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError')
      throw new CommandFailure('interrupted: the old tables serve on')
    throw error
  } finally {
    line.erase()
  }
}

async function isConfirmed(context: CliContext, projection: string): Promise<boolean> {
  context.stderr.write(
    `Rebuild ${projection} from the whole ledger? It takes disk and processor time; answers go on meanwhile. [y/N] `,
  )
  const lines = createInterface({ input: Readable.from(context.stdin) })
  for await (const line of lines) return /^y(es)?$/i.test(line.trim())
  return false
}
