import type { Noted } from '../records/journal.js'
import type { World } from '../world.js'
import type { Administrator, Command } from './administration.js'

/** Something that a command began: under its id others speak of it. */
export interface Begun extends Noted {
  readonly id: string
}

export function give(world: World, by: Administrator, command: Command): Noted {
  return world.administration.give(world.now, by, command)
}

export function begin(world: World, by: Administrator, kind: string, { do: name, ...said }: Command): Begun {
  const id = world.administration.id(kind)
  return { id, ...give(world, by, { do: name, id, ...said }) }
}
