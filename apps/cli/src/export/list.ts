import { formatInstant } from '@catena/domain'
import type { DestinationReport } from '@catena/siem'
import type { CliContext } from '../context.js'
import { CommandFailure, EXIT, type ExitCode } from '../exit-codes.js'
import { wholeNumber } from '../quarantine/list.js'
import { paint } from '../terminal/paint.js'
import { withDesk } from './with-desk.js'

const LIMIT_MAX = 10_000

export async function listDestinations(
  context: CliContext,
  id: string | undefined,
  { json }: { json?: boolean },
): Promise<ExitCode> {
  const all = await withDesk(context, (desk) => desk.list())
  const wanted = id === undefined ? all : all.filter(({ destination }) => destination.id === id)
  if (id !== undefined && wanted.length === 0) throw new CommandFailure(`no destination is called ${id}: \`catena export list\` shows what there is`, EXIT.nothingFound) // prettier-ignore
  context.stdout.write(json === true ? `${JSON.stringify(wanted)}\n` : textOf(wanted))
  return EXIT.ok
}

function textOf(reports: readonly DestinationReport[]): string {
  if (reports.length === 0) return 'No destinations yet: `catena export add --help` says how to add one\n'
  return reports.map((report) => linesOf(report).map((line) => `${paint([{ text: line }], { colour: false })}\n`).join('')).join('\n') // prettier-ignore
}

function linesOf(report: DestinationReport): string[] {
  const { destination, status, reason, backlog, sequence, delivered, deadLetters, failures, lastError } = report
  return [
    `${destination.id}: ${destination.kind}, ${destination.format}, ${status}${reason === undefined ? '' : ` (${reason})`}`,
    `  acknowledged up to ${sequence}; ${delivered} delivered, ${deadLetters} dead`,
    backlog.events === 0 ? '  no backlog' : `  backlog: ${backlog.events} events, ${backlog.bytes} bytes, ${Math.round(backlog.ageMs / 1000)} s old`,
    ...(failures === 0 ? [] : [`  ${failures} failures in a row, the last: ${lastError ?? ''}`]),
  ]
} // prettier-ignore

export async function showDeadLetters(
  context: CliContext,
  id: string | undefined,
  { limit, json }: { limit: string; json?: boolean },
): Promise<ExitCode> {
  const count = wholeNumber(limit, '--limit', LIMIT_MAX)
  const of = { limit: count, ...(id === undefined ? {} : { destination: id }) }
  const letters = await withDesk(context, (desk) => desk.deadLetters(of))
  const lines = letters.map(({ destination, sequence, eventId, reason, refusedAt }) => `${formatInstant(refusedAt)}  ${destination}  ${sequence}  ${eventId}  ${reason}`) // prettier-ignore
  const text = lines.map((line) => `${paint([{ text: line }], { colour: false })}\n`).join('')
  context.stdout.write(json === true ? `${JSON.stringify(letters)}\n` : text || 'No dead letters\n')
  return EXIT.ok
}
