import { isRefusal, type Refusal } from '@catena/domain'
import { createLogger, createPool, systemClock } from '@catena/platform'
import { kafkaFor, type Instance } from '@catena/runtime'
import { ExportDesk } from '@catena/siem'
import type { CliContext } from '../context.js'
import { CommandFailure, EXIT } from '../exit-codes.js'

/** A desk for destinations around the instance, for one use. */
export async function withDesk<T>(context: CliContext, use: (desk: ExportDesk, instance: Instance) => Promise<T>): Promise<T> {
  const instance = await context.openInstance()
  const pool = createPool(instance.databaseUrl, { applicationName: 'catena-cli-export', max: 2 })
  const desk = new ExportDesk({
    streams: instance.ledger,
    pool,
    clock: systemClock,
    sources: instance.configuration.sources.map(({ id }) => id),
    env: context.env,
    connectKafka: kafkaFor(instance.settings, 'catena-export-test', createLogger('silent')),
  })
  try {
    return await use(desk, instance)
  } finally {
    await pool.end()
    await instance.close()
  }
} // prettier-ignore

/** A rule that said no ends the command with its reason. */
export function requireDone(answer: object | undefined): void {
  if (isRefusal(answer)) throw refused(answer)
}

export function refused({ refused: code, message }: Refusal): CommandFailure {
  return new CommandFailure(message, code === 'NO_SUCH_DESTINATION' ? EXIT.nothingFound : EXIT.failed)
}
