import { parseInstant } from '@catena/domain'
import { defineCampaign, problemsOf, runDry, type DryRun } from '@catena/recertification'
import type { CliContext } from '../context.js'
import { CommandFailure, EXIT, type ExitCode } from '../exit-codes.js'
import { readDefinition, type DefinitionOptions } from './definition-file.js'
import { agreed, decidedHere, withDesk } from './with-desk.js'

export interface DefineOptions extends DefinitionOptions {
  readonly evenIfEmpty?: boolean
  readonly by?: string
  readonly at?: string
  readonly json?: boolean
}

/** Reviewers shown with their load. */
const LOADS_SHOWN = 10

export async function defineFromFile(context: CliContext, id: string, file: string | undefined, options: DefineOptions): Promise<ExitCode> {
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(id)) throw new CommandFailure('an id has lower-case letters, digits and dashes, at most 64')
  const definition = await readDefinition(file, options)
  return withDesk(context, async (desk) => {
    agreed(await defineCampaign(desk, id, definition, decidedHere(context, options.by), options.evenIfEmpty === true))
    context.stdout.write(`${id} is kept: ${definition.name}.\n`)
    return EXIT.ok
  })
} // prettier-ignore

export async function dryRunFromFile(context: CliContext, file: string | undefined, options: DefineOptions): Promise<ExitCode> {
  const definition = await readDefinition(file, options)
  const problems = problemsOf(definition)
  if (problems.length > 0) throw new CommandFailure(problems.join('\n'))
  const at = options.at === undefined ? context.now() : parseInstant(options.at)
  if (at === undefined) throw new CommandFailure(`${String(options.at)} is no time: write one such as 2026-01-31T09:00:00Z`)
  return withDesk(context, async (desk) => {
    const found = await runDry(desk, definition, at)
    context.stdout.write(options.json === true ? `${JSON.stringify(found, null, 2)}\n` : words(found))
    return EXIT.ok
  })
} // prettier-ignore

function words({ items, uncertain, orphans, blocked, conflicts, load, certificate }: DryRun): string {
  const loads = load.slice(0, LOADS_SHOWN).map(({ reviewer, items: own, classes }) => `  ${reviewer}: ${own} items, ${classes} decisions where they are made together`)
  const caveats = certificate.caveats.map((caveat) => `  ${caveat}`)
  return [
    items === 0 ? 'The scope selects nothing: a campaign over it would be vacuous, which is no pass.' : `${items} items, ${uncertain} of them in doubt.`,
    `${orphans} of credentials without an owner, ${blocked} without an eligible reviewer, ${conflicts} times somebody was passed over for a conflict.`,
    ...loads,
    ...(caveats.length === 0 ? [] : ['The records are incomplete:', ...caveats]),
    '',
  ].join('\n')
} // prettier-ignore
