import { DatabaseUnavailable, DataFolderInUse, isTransient, serverAdvice } from '@catena/platform'
import { LedgerUnavailable } from '@catena/ledger'
import type { CliContext } from './context.js'
import { CommandFailure, EXIT, type ExitCode } from './exit-codes.js'
import { paint, type Paper } from './terminal/paint.js'

/** Narrower terminals get lines of this width. */
const COLUMNS_MIN = 60

/** Runs a command to its exit code. Whatever goes wrong becomes one message that says what to do. */
export async function runCommand(context: CliContext, command: () => Promise<ExitCode>): Promise<void> {
  try {
    context.exit(await command())
  } catch (error) {
    context.stderr.write(`${messageOf(error)}\n`)
    context.exit(codeOf(error))
  }
}

/** Colour for people at a terminal, unless NO_COLOR is set (https://no-color.org). */
export function paperOf({ isTerminal, columns, env }: CliContext): Paper {
  const colour = isTerminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'
  return { columns: Math.max(COLUMNS_MIN, columns), colour }
}

function codeOf(error: unknown): ExitCode {
  if (error instanceof CommandFailure) return error.code
  return isUnreachable(error) ? EXIT.unreachable : EXIT.failed
}

/** These say what to do. */
function saysUnreachable(error: unknown): boolean {
  return [DatabaseUnavailable, LedgerUnavailable, DataFolderInUse].some((kind) => error instanceof kind)
}

function isUnreachable(error: unknown): boolean {
  if (saysUnreachable(error)) return true
  // Errors of files have codes like those of connections, but name a path.
  return error instanceof Error && !('path' in error) && isTransient(error)
}

/** What a statement met in the midst of a command: with the server's words or the driver's. */
function explained(error: unknown, said: string): string {
  if (error instanceof CommandFailure || saysUnreachable(error) || !isUnreachable(error)) return said
  if (isGone(error)) return `the database went away meanwhile (${said}): run this again once it is there`
  const advice = serverAdvice(error)
  return advice === undefined ? said : `the database is not available (${said}): ${advice}`
}

function isGone(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return code === undefined || (typeof code === 'string' && /^(08|57P)/.test(code))
}

/** Lines of a message are ours; what else stands in it is not trusted. */
function messageOf(error: unknown): string {
  const said = error instanceof Error && error.message !== '' ? error.message : String(error)
  return `catena: ${explained(error, said)
    .split('\n')
    .map((line) => paint([{ text: line }], { colour: false }))
    .join('\n')}`
}
