import { CommandFailure } from './exit-codes.js'
import type { CliContext } from './context.js'

/** Whom the ledger names for what a command did: what was given, else the account of this machine. It is claimed, not checked. */
export function operatorOf({ env }: Pick<CliContext, 'env'>, given: string | undefined): string {
  if (given !== undefined && given.trim() === '') throw new CommandFailure('--by needs a name')
  const account = env['USER'] ?? env['LOGNAME'] ?? env['USERNAME'] ?? 'unknown'
  return given?.trim() ?? `cli:${account}`
}
