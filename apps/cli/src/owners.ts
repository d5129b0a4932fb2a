import { importOwners, parseOwners, planOwners } from '@catena/governance'
import { openReader } from '@catena/runtime'
import type { Command } from 'commander'
import type { CliContext } from './context.js'
import { EXIT, type ExitCode } from './exit-codes.js'
import { nothingImported, readImport } from './import-file.js'
import { operatorOf } from './operator.js'
import { runCommand } from './run-command.js'
import { counted } from './terminal/numbers.js'

const HELP = `
CSV with a header line (RFC 4180): credential,owner and, where wanted, system and custodians (separated by blanks).
A credential is written by its name (secret/payments/stripe) or id; people by login name, e-mail address or key, teams by key.
All lines are taken or none. The same file again changes nothing. Owners then attest in the API: \`attestOwnership\`.

Exit codes:
  0  every line is in force
  1  wrong use, or a line that means nothing or several things: they are named, and nothing is imported
  5  no database or instance can be reached`

interface Options {
  readonly dryRun?: boolean
  readonly by?: string
}

export function registerOwners(program: Command, context: CliContext): void {
  program
    .command('owners')
    .description('who answers for credentials')
    .command('import')
    .description('make people and teams the owners of credentials, by a list')
    .argument('<file>', 'the CSV file')
    .option('--dry-run', 'look at every line, and change nothing')
    .option('--by <name>', 'who decides; left out: the account of this machine')
    .addHelpText('after', HELP)
    .action((file: string, options: Options) => runCommand(context, () => importFile(context, file, options)))
}

async function importFile(context: CliContext, file: string, { dryRun, by }: Options): Promise<ExitCode> {
  const parsed = parseOwners(await readImport(file))
  const instance = await context.openInstance()
  const { reader, close } = openReader(instance)
  try {
    const { planned, problems } = await planOwners(reader, await reader.asOf(), parsed, context.now())
    if (problems.length > 0) throw nothingImported(file, problems)
    const lines = counted(planned.length, 'line')
    if (dryRun === true) {
      context.stdout.write(`${lines} can be taken; nothing was changed\n`)
      return EXIT.ok
    }
    const decided = { actor: operatorOf(context, by), at: context.now() }
    const { assigned, custodians } = await importOwners(instance.ledger, planned, decided)
    context.stdout.write(
      `${lines} taken: ${counted(assigned, 'owner')} assigned, ${counted(custodians, 'custodian')} added, the others were so before\n`,
    )
    return EXIT.ok
  } finally {
    await close()
    await instance.close()
  }
}
