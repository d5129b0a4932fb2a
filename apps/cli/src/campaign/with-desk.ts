import { isRefusal, type Decided, type Refusal } from '@catena/domain'
import type { RecertificationDesk } from '@catena/recertification'
import { openReader, recertificationDesk } from '@catena/runtime'
import type { CliContext } from '../context.js'
import { CommandFailure, EXIT, type ExitCode } from '../exit-codes.js'
import { operatorOf } from '../operator.js'

/** Runs with everything that campaigns need, and closes it. */
export async function withDesk(context: CliContext, work: (desk: RecertificationDesk) => Promise<ExitCode>): Promise<ExitCode> {
  const instance = await context.openInstance()
  const { reader, close } = openReader(instance)
  try {
    return await work(recertificationDesk(instance, reader, { now: () => context.now() }))
  } finally {
    await close()
    await instance.close()
  }
} // prettier-ignore

export function decidedHere(context: CliContext, by: string | undefined): Decided {
  return { actor: operatorOf(context, by), at: context.now() }
}

/** A refusal ends the command with its message. */
export function agreed<T extends object>(answer: T | Refusal): T {
  if (isRefusal(answer))
    throw new CommandFailure(answer.message, answer.refused === 'NO_CAMPAIGN' ? EXIT.nothingFound : EXIT.failed)
  return answer
}
