import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { FolderOutput, simulate } from '@catena/simulation'
import type { CliContext } from './context.js'
import { CommandFailure, EXIT, type ExitCode } from './exit-codes.js'
import { runCommand } from './run-command.js'
import { readOptions, type SimulateFlags } from './simulate/options.js'
import { renderSimulated } from './simulate/summary.js'

const HELP = `
Writes a folder as test/recordings has them: the sources' raw logs, manifest.json, catena.yaml; what the records justify saying of
every request (truth.jsonl), the incidents with their legitimate twins (incidents.jsonl), and what people told Catena
(administration.jsonl). The same options give the same bytes.
Formats: docs/simulation.md.

Faults, none unless asked for:
  --shuffle --duplicate --delay            order and repetition of lines
  --drop-source <id>                       an hour of vault, keycloak, github, aws, kubernetes, okta, agents or tickets is lost,
                                           and declared as a gap
  --skew <ms>                              the identity provider's clock is ahead, the CI host's behind
  --rename-repository --recycle-login      names change hands

Exit codes:
  0  written
  1  wrong use, or the folder cannot be written`

export function registerSimulate(program: Command, context: CliContext): void {
  program
    .command('simulate')
    .description('write the records of an invented organisation of any size, with its truth')
    .requiredOption('--out <folder>', 'where to write; must not hold a simulation yet')
    .option('--seed <n>', 'one seed, one organisation (default 1)')
    .option('--people <n>', 'who work there (default 50)')
    .option('--credentials <n>', 'shared secrets (default 200)')
    .option('--days <n>', 'how long (default 30)')
    .option('--rate <n>', 'records a simulated day, about (default 2000)')
    .option('--start <date>', 'first day (default 2026-01-05)')
    .option('--incidents <kinds>', 'all, none, or kinds with commas between them (default all)')
    .option('--well-kept', 'whatever obtains a secret has an identity of its own that records tie to it')
    .option('--shuffle')
    .option('--duplicate')
    .option('--delay')
    .option('--drop-source <id>')
    .option('--skew <ms>')
    .option('--rename-repository')
    .option('--recycle-login')
    .addHelpText('after', HELP)
    .action((flags: SimulateFlags) => runCommand(context, () => Promise.resolve(write(context, flags))))
}

function write(context: CliContext, flags: SimulateFlags): ExitCode {
  const options = readOptions(flags)
  const folder = resolve(flags.out)
  if (existsSync(join(folder, 'manifest.json')))
    throw new CommandFailure(`${folder} holds a manifest.json already: name an empty folder`)
  const out = new FolderOutput(folder)
  const from = context.now()
  const simulated = simulate(options, out)
  out.close()
  context.stdout.write(renderSimulated(simulated, { folder: flags.out, tookMs: context.now() - from }))
  return EXIT.ok
}
