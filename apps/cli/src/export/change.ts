import { isRefusal, parseInstant } from '@catena/domain'
import type { ReplayFrom } from '@catena/siem'
import type { CliContext } from '../context.js'
import { CommandFailure, EXIT, type ExitCode } from '../exit-codes.js'
import { operatorOf } from '../operator.js'
import { paint } from '../terminal/paint.js'
import { refused, requireDone, withDesk } from './with-desk.js'

/** Longest wait for the receiver of a test message. */
const TEST_WAIT_MS = 15_000

const DONE = { PauseDestination: 'paused', ResumeDestination: 'resumed', RemoveDestination: 'removed' } as const

export async function changeDestination(
  context: CliContext,
  type: keyof typeof DONE,
  id: string,
  options: { by?: string },
): Promise<ExitCode> {
  const by = { actor: operatorOf(context, options.by), at: context.now() }
  await withDesk(context, async (desk) => requireDone(await desk.change(type, id, by)))
  context.stdout.write(`${id} is ${DONE[type]}\n`)
  return EXIT.ok
}

export async function replayDestination(
  context: CliContext,
  id: string,
  options: { after?: string; since?: string; by?: string },
): Promise<ExitCode> {
  const from = replayFrom(options)
  const by = { actor: operatorOf(context, options.by), at: context.now() }
  await withDesk(context, async (desk) => requireDone(await desk.replay(id, from, by)))
  context.stdout.write(`${id} gets everything again from there on, under the same ids\n`)
  return EXIT.ok
}

function replayFrom({ after, since }: { after?: string; since?: string }): ReplayFrom {
  if ((after === undefined) === (since === undefined)) throw new CommandFailure('write --after or --since, and one of them only')
  if (after !== undefined) {
    if (!/^\d{1,15}$/.test(after)) throw new CommandFailure(`--after is "${after}": write a sequence, 0 for everything`)
    return { after: Number(after) }
  }
  const at = parseInstant(since)
  if (at === undefined) throw new CommandFailure(`--since is "${since ?? ''}": write a time such as 2026-11-23T04:59:00Z`)
  return { since: at }
} // prettier-ignore

export async function testDestination(context: CliContext, id: string, { json }: { json?: boolean }): Promise<ExitCode> {
  const report = await withDesk(context, (desk) => desk.test(id, TEST_WAIT_MS))
  if (isRefusal(report)) throw refused(report)
  if (json === true) context.stdout.write(`${JSON.stringify(report)}\n`)
  else {
    if (report.line !== '') context.stdout.write(`${paint([{ text: report.line }], { colour: false })}\n`)
    context.stdout.write(report.fault === undefined ? `${id} took it\n` : '')
  }
  if (report.fault === undefined) return EXIT.ok
  throw new CommandFailure(`${id} did not take it: ${report.fault}`)
} // prettier-ignore
