import type { Command } from 'commander'
import { TOKEN_ROLES } from '@catena/callers'
import type { CliContext } from './context.js'
import { runCommand } from './run-command.js'
import { issueToken, listTokensHere, revokeToken, type IssueOptions, type ListOptions } from './tokens/commands.js'

export function registerTokens(program: Command, context: CliContext): void {
  const tokens = program
    .command('tokens')
    .description('keys by which machines and scripts are known to the API and the ingest door')
  tokens
    .command('list', { isDefault: true })
    .description('list them: what they may, whose they are, when they end and were used. Never the tokens themselves')
    .option('--json', 'for scripts')
    .action((options: ListOptions) => runCommand(context, () => listTokensHere(context, options)))
  tokens
    .command('issue')
    .description('issue one; it is shown this once')
    .argument('<name>', 'what it is for')
    .requiredOption('--role <role>', TOKEN_ROLES.join(', '))
    .option('--source <id...>', 'only for these sources')
    .option('--expires <duration>', 'how long it can be used, at most 366d', '90d')
    .option('--owner <caller>', 'who answers for it; who issues it where absent')
    .option('--by <name>', 'who issues it, for the ledger; the account of this machine where absent')
    .action((name: string, options: IssueOptions) => runCommand(context, () => issueToken(context, name, options)))
  tokens
    .command('revoke')
    .description('take one back: from now on it is refused')
    .argument('<id>', 'its id in the list')
    .requiredOption('--reason <text>', 'why, for the ledger')
    .option('--by <name>', 'who revokes it, for the ledger; the account of this machine where absent')
    .action((id: string, options: { reason: string; by?: string }) =>
      runCommand(context, () => revokeToken(context, id, options)),
    )
}
