import type { Refusal } from '@catena/domain'
import type { Command, CommandBus } from '@nestjs/cqrs'
import { toResult } from '../commands/refused.model.js'
import type { DecidedThing } from './decide-sharing.js'
import { SharingDecided } from './sharing.model.js'

/** Runs a command of sharing: its outcome, or the rule that refused it. */
export async function decided(commands: CommandBus, command: Command<DecidedThing | Refusal>): Promise<object> {
  return toResult(await commands.execute(command), (thing) => Object.assign(new SharingDecided(), thing))
}

type Present<T> = { [K in keyof T]?: NonNullable<T[K]> }

/** Without the members that a client left out or sent as null. */
export function present<T extends object>(members: T): Present<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value != null)) as Present<T>
}
