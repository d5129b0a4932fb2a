import { Administration } from './administration/administration.js'
import { lastingKey, type HeldKey } from './oracle/held-key.js'
import { Agenda } from './engine/agenda.js'
import { Chance } from './engine/chance.js'
import { DAY, HOUR, isWorkday, midnight } from './engine/time.js'
import type { Known } from './oracle/behind.js'
import { Origins } from './oracle/origins.js'
import { Truths } from './oracle/truths.js'
import { endOf, type SimulationOptions, type SourceId } from './options.js'
import { Credentials, type Slot } from './organisation/credentials.js'
import { TEAMS } from './organisation/names.js'
import { Register, type Person } from './organisation/people.js'
import { repositoriesOf, type Repository } from './organisation/repositories.js'
import { Journal, type Loss, type Output } from './records/journal.js'

/** An organisation at work: who is there, what they hold, what is written down. */
export class World implements Known {
  readonly chance: Chance
  readonly agenda: Agenda
  readonly origins = new Origins()
  readonly loss: Loss | undefined
  /** All times that are lost, whether or not they are declared. */
  readonly losses: Loss[] = []
  readonly journal: Journal
  readonly truths: Truths
  readonly administration: Administration
  readonly register: Register
  readonly teams: readonly string[]
  readonly credentials: Credentials
  readonly repositories: Repository[]
  /** Who works here now. */
  readonly people: Person[] = []
  /** Whom the identity provider's directory lists at the end. */
  readonly directory: Person[] = []
  /** The key by which secrets of the cloud get their new values. */
  readonly rotator: HeldKey
  /** When a run of a repository's name began last; two repositories may have one name. */
  readonly runsBegun = new Map<string, number>()
  /** What somebody read and the next successor must not need. */
  private readonly known = new Map<Person, Set<Slot>>()
  private turn = 0
  private run = 11_900_450_000
  private job = 35_700_350_000

  constructor(
    readonly options: SimulationOptions,
    readonly out: Output,
  ) {
    const { seed, start, people, credentials, wellKept } = options
    this.chance = new Chance(seed)
    this.agenda = new Agenda(start, endOf(options))
    this.loss = lossOf(options)
    if (this.loss !== undefined) this.losses.push(this.loss)
    this.journal = new Journal(out, endOf(options), this.losses)
    this.truths = new Truths(out)
    this.administration = new Administration(out, endOf(options))
    this.register = new Register(this.chance)
    this.teams = TEAMS.slice(0, Math.min(TEAMS.length, Math.max(2, Math.round(people / 8))))
    this.credentials = new Credentials(this.chance, credentials, this.teams)
    this.rotator = lastingKey(this.chance, 'rotator', '10.60.250.1')
    this.repositories = repositoriesOf(this.teams, Math.min(400, Math.max(20, Math.round(credentials / 6))), wellKept)
  }

  get now(): number {
    return this.agenda.now
  }

  get skewMs(): number {
    return this.options.faults.skewMs
  }

  /** The moment as that source's clock shows it. */
  clockOf(source: SourceId, at: number): number {
    if (source === 'keycloak') return at + this.skewMs
    return source === 'github' ? at - this.skewMs : at
  }

  remember(person: Person, slot: Slot): void {
    const known = this.known.get(person)
    if (known === undefined) this.known.set(person, new Set([slot]))
    else known.add(slot)
  }

  /** What the person knew, to be given new values. */
  forget(person: Person): readonly Slot[] {
    const known = this.known.get(person) ?? []
    this.known.delete(person)
    return [...known]
  }

  /** Today's share, if each comes up once in so many days. */
  *dueForRotation(everyDays: number): Generator<Slot> {
    const { all } = this.credentials
    for (let left = this.chance.around(all.length / everyDays); left > 0; left--)
      yield all[this.turn++ % all.length] as Slot
  }

  nextRun(): number {
    return (this.run += 1 + this.chance.between(0, 900))
  }

  nextJob(): number {
    return (this.job += 1 + this.chance.between(0, 900))
  }
}

/** The lost hour: an early afternoon of a workday, half-way. */
function lossOf({ start, days, faults }: SimulationOptions): Loss | undefined {
  const { dropSource } = faults
  if (dropSource === undefined) return undefined
  let day = midnight(start) + Math.floor(days / 2) * DAY
  while (!isWorkday(day) && day > start) day -= DAY
  return { source: dropSource, from: day + 14 * HOUR, to: day + 15 * HOUR }
}
