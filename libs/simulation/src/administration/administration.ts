import { stamp } from '../engine/time.js'
import type { Noted, Output } from '../records/journal.js'

export const ADMINISTRATION_FILE = 'administration.jsonl'

/** Who gives a command, as Catena knows its callers. */
export interface Administrator {
  readonly id: string
  readonly name: string
  readonly kind: 'person' | 'machine'
  readonly roles: readonly string[]
  readonly keys: readonly string[]
  readonly groups: readonly string[]
}

/** A command in Catena's own words: its name, and what it says. */
export type Command = { readonly do: string } & Readonly<Record<string, unknown>>

/** Takes what people tell Catena of the organisation's credentials: one command a line, with its moment and who gives it. */
export class Administration {
  commands = 0
  private ids = 0

  constructor(
    private readonly out: Output,
    private readonly until: number,
  ) {}

  /** A new id for something that a command begins; chance has no part in it. */
  id(kind: string): string {
    return `${kind}-${++this.ids}`
  }

  /** Its fact is the number of its line, from 1. */
  give(at: number, by: Administrator, command: Command): Noted {
    if (at > this.until) return { fact: '', isSeen: false }
    this.out.write(ADMINISTRATION_FILE, JSON.stringify({ at: stamp(at), by, ...command }))
    return { fact: `administration:${++this.commands}`, isSeen: true }
  }
}
