import { takeCharge, takeOver } from '../administration/stewardship.js'
import { DAY, HOUR, isWorkday, midnight, stamp } from '../engine/time.js'
import { hire, type Newcomer } from '../doings/staff.js'
import { logInPerson } from '../doings/logins.js'
import { signIn, type Session } from '../doings/sessions.js'
import type { Held } from '../oracle/held.js'
import { targetOf } from '../doings/target.js'
import { STORE } from '../organisation/agents.js'
import type { Environment, Place, Slot } from '../organisation/credentials.js'
import type { MountName } from '../organisation/mounts.js'
import type { Person } from '../organisation/people.js'
import { ownRepository, type Repository } from '../organisation/repositories.js'
import type { Noted } from '../records/journal.js'
import type { World } from '../world.js'
import type { Described } from './described.js'

/** Numbers of repositories beside the first of a scene. */
const OTHERS = 1_000

/** A line of `incidents.jsonl`. */
export interface IncidentLine {
  readonly incident: string
  readonly kind: string
  readonly title: string
  readonly requirements: readonly string[]
  /** The incident whose legitimate twin this is. */
  readonly twinOf?: string
  readonly credential?: Place
  /** Controls that must find it, each from the moment on at which it could; of a twin, those that must stay silent. */
  readonly breaks: readonly { readonly control: string; readonly at: string }[]
  /** When it became true. */
  readonly at: string
  /** When its course was over. */
  readonly until: string
  readonly cause: readonly string[]
  readonly principals: readonly string[]
  readonly given: Readonly<Record<string, unknown>>
}

/** Where one incident, or its twin, takes place: with people, repositories and credentials of its own, so that nothing else disturbs it. */
export class Scene {
  private readonly causes: string[] = []
  private readonly principals = new Set<string>()
  private readonly given: Record<string, unknown>
  private place: Place | undefined
  private since: number | undefined
  private over: number | undefined

  constructor(
    readonly world: World,
    private readonly incident: Described,
    private readonly name: string,
    private readonly twinOf: string | undefined,
    readonly serial: number,
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

  /** Another one. */
  otherRepository(mount: MountName = 'attempt'): Repository {
    return ownRepository(OTHERS + this.serial, this.team, mount)
  }

  /** The credential that the incident is about. */
  slot(kind: Slot['kind'] = 'kv', environment: Environment = 'prod'): Slot {
    const slot = this.otherSlot(kind, environment)
    this.place = targetOf(slot)
    return slot
  }

  /** A secret of the agents' store that the incident is about; returns its path. */
  storedSecret(): string {
    const path = `${this.team}/scene-${this.serial}`
    this.place = { ...STORE, path }
    takeOver(this.world, this.place, this.team)
    return path
  }

  /** Another one. */
  otherSlot(kind: Slot['kind'] = 'kv', environment: Environment = 'prod'): Slot {
    const slot = this.world.credentials.make(kind, this.team, environment)
    takeCharge(this.world, slot)
    return slot
  }

  /** One of which nobody said a word. */
  neglected(kind: Slot['kind'] = 'kv', environment: Environment = 'prod'): Slot {
    const slot = this.world.credentials.make(kind, this.team, environment)
    this.place = targetOf(slot)
    return slot
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

  /** It becomes true at this moment only, by something that did not happen. */
  becomesTrue(): void {
    this.since = this.now
  }

  ends(): void {
    this.over = this.now
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
    const { kind, title, twin, requirements, breaks } = this.incident
    const at = stamp(this.since ?? this.now)
    return {
      incident: this.name,
      kind,
      title: this.twinOf === undefined ? title : twin,
      requirements,
      ...(this.twinOf === undefined ? {} : { twinOf: this.twinOf }),
      ...(this.place === undefined ? {} : { credential: this.place }),
      breaks: breaks.map((control) => ({ control, at })),
      at,
      until: stamp(this.over ?? this.now),
      cause: this.causes,
      principals: [...this.principals],
      given: this.given,
    }
  }
}
