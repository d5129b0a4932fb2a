import { isRefusal, type Decided } from '@catena/domain'
import type { Rules } from '../rules.js'
import type { randomOf } from './random.js'

/** What one decider is at: the command, and the state and version that it read. */
interface Pending<State, Command> {
  readonly command: Command
  readonly state: State
  readonly version: number
}

export interface Applied<State, Event> {
  readonly before: State
  readonly event: Event
  readonly after: State
}

const DECIDERS = 3

/**
 * Several deciders on one stream, each reading, deciding and appending in steps of its own, as processes do: whoever read an older version is told
 * so by the ledger and reads anew, or dies; whoever appended may die before it knows, and does the same again.
 */
export class Race<State, Command, Event extends { readonly type: string; readonly data: object }> {
  private readonly deciders: (Pending<State, Command> | undefined)[] = Array.from({ length: DECIDERS }, () => undefined)
  private version = 0
  /** Appends that came on an older version. */
  conflicts = 0
  crashes = 0

  constructor(
    private readonly rules: Rules<State, Command, Event, string>,
    private readonly random: ReturnType<typeof randomOf>,
    public state: State = rules.initial,
  ) {}

  /** One step of one of them; the events that it appended. */
  step(commandOf: (state: State) => Command, by: Decided): Applied<State, Event>[] {
    const decider = this.random.below(DECIDERS)
    const pending = this.deciders[decider]
    if (pending === undefined) return this.read(decider, commandOf(this.state))
    const answer = this.rules.decide(pending.state, pending.command, by)
    if (isRefusal(answer) || answer.length === 0) return this.forget(decider)
    if (pending.version !== this.version) {
      this.conflicts += 1
      return this.dies() ? this.forget(decider) : this.read(decider, pending.command)
    }
    const applied = answer.map((event) => this.apply(event, by))
    this.version += applied.length
    // Dead before it heard: whoever takes over has the same command again.
    if (this.dies()) this.read(decider, pending.command)
    else this.forget(decider)
    return applied
  }

  private apply(event: Event, by: Decided): Applied<State, Event> {
    const before = this.state
    this.state = this.rules.evolve(before, event, by)
    return { before, event, after: this.state }
  }

  private read(decider: number, command: Command): [] {
    this.deciders[decider] = { command, state: this.state, version: this.version }
    return []
  }

  private forget(decider: number): [] {
    this.deciders[decider] = undefined
    return []
  }

  private dies(): boolean {
    const dies = this.random.below(4) === 0
    this.crashes += Number(dies)
    return dies
  }
}
