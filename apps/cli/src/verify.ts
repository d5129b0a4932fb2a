import { randomBytes } from 'node:crypto'
import { verifyLedger, type Verification } from '@catena/ledger'
import type { Instance } from '@catena/runtime'
import type { Command } from 'commander'
import { stat } from 'node:fs/promises'
import type { CliContext } from './context.js'
import { CommandFailure, EXIT, type ExitCode } from './exit-codes.js'
import { ProgressLine } from './ingest/progress-line.js'
import { paperOf, runCommand } from './run-command.js'
import { verifyBeside } from './verify/beside.js'
import { extentOf, verifyReadModels } from './verify/read-models.js'
import { positionsOf, requireWithin } from './verify/positions.js'
import { progressOf, type Draw, type Part } from './verify/progress.js'
import { isSound, renderVerified, verifiedJson, type Verified } from './verify/render.js'

interface VerifyCommandOptions {
  readonly positions?: string
  readonly archives?: readonly string[]
  readonly readModels?: string
  readonly json?: boolean
}

const HELP = `
Reads every event and recomputes its hashes; looks for missing events, keys that lead astray and erasures that no tombstone names; for the whole
ledger also counters, streams, releases from quarantine and archives, the feed, and what campaigns froze and sealed. What somebody changed together
with all hashes and counters is not found like this: that takes checkpoints kept elsewhere.

Exit codes:
  0  nothing is wrong
  1  wrong use, a fault, or something is wrong: it is named by its position
  5  no database or instance can be reached`

export function registerVerify(program: Command, context: CliContext): void {
  program
    .command('verify')
    .description('read the ledger against its own rules')
    .option('--positions <range>', 'only these: 100..200, 100.. or ..200')
    .option(
      '--archives <folder>',
      'look also at the files of detached ranges, which lie there; more than once for several folders',
      (folder: string, before: readonly string[] | undefined) => [...(before ?? []), folder],
    )
    .option(
      '--read-models <extent>',
      'compare the access index, what is kept of accesses and the verdicts too: sample or all; with all also the lists of decisions',
    )
    .option('--json', 'for scripts')
    .addHelpText('after', HELP)
    .action((options: VerifyCommandOptions) => runCommand(context, () => verify(context, options)))
}

async function verify(context: CliContext, options: VerifyCommandOptions): Promise<ExitCode> {
  const positions = positionsOf(options.positions)
  const extent = extentOf(options.readModels)
  for (const folder of options.archives ?? []) await requireFolder(folder)
  const instance = await context.openInstance()
  const line = new ProgressLine(context.stderr, () => context.now())
  const startedAt = context.now()
  const draw = options.json === true ? NOTHING : drawing(context, line)
  try {
    const head = await instance.ledger.head()
    requireWithin(positions, head)
    const isWhole = options.positions === undefined
    const ledger = await verifyEvents(instance, positions, options.archives, draw)
    const tell = (more: Pick<Verified, 'beside' | 'readModels' | 'isUnfinished'>): Verified => {
      const readsArchives = options.archives !== undefined && isWhole
      const verified = { ledger, head, elapsedMs: context.now() - startedAt, isWhole, readsArchives, ...more }
      line.erase()
      context.stdout.write(options.json === true ? verifiedJson(verified) : renderVerified(verified, paperOf(context)))
      return verified
    }
    const others = await verifyOthers(instance, isWhole, extent, draw).catch((fault: unknown) => {
      // What was found until then may be why.
      tell({ beside: {}, readModels: undefined, isUnfinished: true })
      throw fault
    })
    return isSound(tell(others)) ? EXIT.ok : EXIT.failed
  } finally {
    line.erase()
    await instance.close()
  }
}

const NOTHING: Draw = () => undefined

/** Each part by its own time. */
function drawing(context: CliContext, line: ProgressLine): Draw {
  if (!context.isTerminal) return NOTHING
  let now: { readonly part: Part; readonly since: number } | undefined
  return (part, done, of) => {
    const isNew = now?.part !== part
    const { since } = (now = isNew || now === undefined ? { part, since: context.now() } : now)
    const render = (): string =>
      progressOf(part, done, of, context.now() - since).slice(0, paperOf(context).columns - 1)
    if (isNew) line.drawAnew(render)
    else line.draw(render)
  }
}

function verifyEvents(
  { databaseUrl }: Instance,
  positions: { readonly from?: number; readonly to?: number },
  archiveFolders: readonly string[] | undefined,
  draw: Draw,
): Promise<Verification> {
  return verifyLedger(databaseUrl, {
    ...positions,
    ...(archiveFolders === undefined ? {} : { archiveFolders }),
    onProgress: ({ position, to }) => draw('ledger', position, to),
  })
}

async function verifyOthers(
  instance: Instance,
  isWhole: boolean,
  extent: 'all' | number | undefined,
  draw: Draw,
): Promise<Pick<Verified, 'beside' | 'readModels'>> {
  const beside = await verifyBeside(instance, isWhole, extent, randomBytes(8).toString('hex'), draw)
  if (extent === undefined) return { beside, readModels: undefined }
  return { beside, readModels: await verifyReadModels(instance, extent, (done, of) => draw('access index', done, of)) }
}

async function requireFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory() !== true) throw new CommandFailure(`--archives ${path}: there is no such folder`)
}
