import { BadDestination } from '@catena/siem'
import type { CliContext } from '../context.js'
import { CommandFailure, EXIT, type ExitCode } from '../exit-codes.js'
import { operatorOf } from '../operator.js'
import { requireDone, withDesk } from './with-desk.js'

export interface AddOptions {
  readonly kind: string
  readonly format: string
  readonly set: readonly string[]
  readonly kinds?: string
  readonly severity?: string
  readonly sources?: string
  readonly allowPrivate?: boolean
  readonly fromNow?: boolean
  readonly by?: string
}

export async function addDestination(context: CliContext, id: string, options: AddOptions): Promise<ExitCode> {
  const by = { actor: operatorOf(context, options.by), at: context.now() }
  const written = { id, kind: options.kind, format: options.format, target: targetOf(options), filter: filterOf(options) }
  await withDesk(context, async (desk) => requireDone(await desk.add(written, by, { fromNow: options.fromNow === true }))).catch(explain)
  context.stdout.write(`${id} is added: \`catena export test ${id}\` sends it a message, \`catena export status ${id}\` shows how far it is\n`)
  return EXIT.ok
} // prettier-ignore

function explain(error: unknown): never {
  if (error instanceof BadDestination) throw new CommandFailure(error.problems.map(withOption).join('\ncatena: '))
  throw error
}

function withOption(problem: string): string {
  return problem.replace(/^target\.(\w+) is missing$/, '$&: say it by --set $1=VALUE')
}

/** `name=value` pairs; numbers and true are meant as such where the whole value is one. */
function targetOf({ set, allowPrivate }: AddOptions): Record<string, unknown> {
  const pairs = set.map((text) => {
    const end = text.indexOf('=')
    if (end < 1) throw new CommandFailure(`--set is "${text}": write name=value`)
    return [text.slice(0, end), valueOf(text.slice(end + 1))] as const
  })
  return { ...Object.fromEntries(pairs), ...(allowPrivate === true ? { allow_private: true } : {}) }
}

function valueOf(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  return /^\d{1,12}$/.test(text) ? Number(text) : text
}

function filterOf({ kinds, severity, sources }: AddOptions): Record<string, unknown> {
  return {
    ...(kinds === undefined ? {} : { kinds: kinds.split(',') }),
    ...(severity === undefined ? {} : { severity }),
    ...(sources === undefined ? {} : { sources: sources.split(',') }),
  }
}
