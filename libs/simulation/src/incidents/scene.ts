import { takeCharge } from '../administration/stewardship.js'
import { DAY, HOUR, isWorkday, midnight, stamp } from '../engine/time.js'
import { hire, type Newcomer } from '../doings/staff.js'
import { logInPerson } from '../doings/logins.js'
import { signIn, type Session } from '../doings/sessions.js'
import type { Held } from '../oracle/held.js'
import { targetOf } from '../doings/target.js'
import type { Environment, Place, Slot } from '../organisation/credentials.js'
import type { MountName } from '../organisation/mounts.js'
import type { Person } from '../organisation/people.js'
import { ownRepository, type Repository } from '../organisation/repositories.js'
import type { Noted } from '../records/journal.js'
import type { World } from '../world.js'
import type { Described } from './described.js'

/** A line of `incidents.jsonl`. */
export interface IncidentLine {
  readonly incident: string
  readonly kind: string
  readonly title: string
  readonly requirements: readonly string[]
  /** The incident whose legitimate twin this is. */
  readonly twinOf?: string
  readonly credential?: Place
  /** When it became true. */
  readonly at: string
  readonly cause: readonly string[]
  readonly principals: readonly string[]
  readonly given: Readonly<Record<string, unknown>>
}

/** Where one incident, or its twin, takes place: with people, repositories and credentials of its own, so that nothing else disturbs it. */
export class Scene {
  private readonly causes: string[] = []
  private readonly principals = new Set<string>()
  private readonly given: Record<string, unknown>
  private slotOf: Slot | undefined
  private since: number | undefined

  constructor(
    readonly world: World,
    private readonly incident: Described,
    private readonly name: string,
    private readonly twinOf: string | undefined,
    private readonly serial: number,
  ) {
    this.given = { ...incident.given }
  }

  get now(): number {
    return this.world.now
  }

  get team(): string {
    return this.world.teams[this.serial % this.world.teams.length] ?? ''
  }

  person(newcomer: Newcomer = {}): Person {
    return hire(this.world, { team: this.team, mount: 'oidc', ...newcomer })
  }

  repository(mount: MountName = 'attempt'): Repository {
    return ownRepository(this.serial, this.team, mount)
  }

  /** The credential that the incident is about. */
  slot(kind: Slot['kind'] = 'kv', environment: Environment = 'prod'): Slot {
    this.slotOf = this.otherSlot(kind, environment)
    return this.slotOf
  }

  /** Another one. */
  otherSlot(kind: Slot['kind'] = 'kv', environment: Environment = 'prod'): Slot {
    const slot = this.world.credentials.make(kind, this.team, environment)
    takeCharge(this.world, slot)
    return slot
  }

  /** One of which nobody said a word. */
  neglected(kind: Slot['kind'] = 'kv', environment: Environment = 'prod'): Slot {
    this.slotOf = this.world.credentials.make(kind, this.team, environment)
    return this.slotOf
  }

  /** Signs in and logs in to the vault; takes two seconds. */
  *enter(
    person: Person,
    address = person.address,
    agent?: string,
  ): Generator<number, { session: Session; held: Held }> {
    const session = signIn(this.world, person, 'vault', address)
    yield 2_000
    return { session, held: logInPerson(this.world, session, address, agent) }
  }

  /** Until an hour of the next workday that is so many days away. */
  untilWorkday(daysAway: number, hour = 10): number {
    let day = midnight(this.now) + daysAway * DAY
    while (!isWorkday(day)) day += DAY
    return Math.max(0, day + hour * HOUR - this.now)
  }

  /** This is what makes it an incident; of a twin, what nearly does. */
  cause(noted: Noted): Noted {
    this.since ??= this.now
    if (noted.isSeen) this.causes.push(noted.fact)
    return noted
  }

  /** It became true at this moment, by something that did not happen. */
  becomesTrue(): void {
    this.since ??= this.now
  }

  involves(...principals: readonly (Person | string)[]): void {
    for (const principal of principals)
      this.principals.add(typeof principal === 'string' ? principal : `person:${principal.username}`)
  }

  /** What a rule must be told. */
  tell(name: string, value: unknown): void {
    this.given[name] = value
  }

  line(): IncidentLine {
    const { kind, title, twin, requirements } = this.incident
    return {
      incident: this.name,
      kind,
      title: this.twinOf === undefined ? title : twin,
      requirements,
      ...(this.twinOf === undefined ? {} : { twinOf: this.twinOf }),
      ...(this.slotOf === undefined ? {} : { credential: targetOf(this.slotOf) }),
      at: stamp(this.since ?? this.now),
      cause: this.causes,
      principals: [...this.principals],
      given: this.given,
    }
  }
}
