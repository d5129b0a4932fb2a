import { listArchives, readArchiveName, reattachEvents } from '@catena/ledger'
import type { Instance } from '@catena/runtime'
import { stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import type { CliContext } from '../context.js'
import { CommandFailure, EXIT, type ExitCode } from '../exit-codes.js'
import { operatorOf } from '../operator.js'
import { paperOf } from '../run-command.js'
import { count } from '../terminal/numbers.js'
import { paint, plain } from '../terminal/paint.js'
import { show } from '../trace/json.js'
import { unlessBusy } from './unless-busy.js'

export async function attachArchive(
  context: CliContext,
  path: string,
  { by, json }: { readonly by?: string; readonly json?: boolean },
): Promise<ExitCode> {
  const [folder, file] = [dirname(resolve(path)), basename(path)]
  const found = await stat(path).catch(() => undefined)
  if (found?.isFile() !== true) throw new CommandFailure(`${path}: there is no such file`)
  const actor = operatorOf(context, by)
  const instance = await context.openInstance()
  try {
    await requireDetached(instance, file)
    const { ownerUrl } = instance
    const manifest = await unlessBusy(reattachEvents({ ownerUrl, folder, file, actor }))
    const { first, last, events, decisions } = manifest
    const text = `Positions ${count(first)} to ${count(last)}: ${count(events - decisions)} records are in the database again; ${file} stays.`
    context.stdout.write(json === true ? show({ attached: manifest }) : `${paint([plain(text)], paperOf(context))}\n`)
    return EXIT.ok
  } finally {
    await instance.close()
  }
}

/** Says what else is the matter with a file that the ledger does not declare as detached. */
async function requireDetached({ databaseUrl, ledger }: Instance, file: string): Promise<void> {
  const { detached } = await listArchives(databaseUrl)
  if (detached.some((range) => range.file === file && range.manifest !== undefined)) return
  const named = readArchiveName(file)
  if (named === undefined)
    throw new CommandFailure(`${file} is no archive of Catena: those are called events-<first>-<last>.pgcopy.gz`)
  const history = await ledger.readStream(`archive:${named.first}`)
  throw new CommandFailure(
    history.length === 0
      ? `the ledger knows nothing of ${file}: it is what a detach left that was ended before it was done (its records are in the database then), or an archive of another installation, or of a later state of this one`
      : `${file} is attached already: its records are in the database`,
  )
}
