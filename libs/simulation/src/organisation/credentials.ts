import type { Chance } from '../engine/chance.js'
import { AWS_ACCOUNT, AWS_REGION, SERVICES } from './names.js'

export type Environment = 'prod' | 'staging'

/** A place that holds a secret. */
export interface Slot {
  readonly kind: 'kv' | 'database' | 'aws' | 'kubernetes'
  /** As its API addresses it: inside its mount, its secret's name, `namespace/name`. */
  readonly path: string
  readonly team: string
  readonly environment: Environment
  version: number
  /** Equal as long as the secret's value is. */
  valueHash: string
}

/** Where a credential lies, as Catena names a target. */
export interface Place {
  readonly system: string
  readonly container: string
  readonly path: string
}

export const KV = { point: 'secret/', type: 'kv', accessor: 'kv_2c26c180', class: 'secret' } as const
export const DATABASE = {
  point: 'database/',
  type: 'database',
  accessor: 'database_41387a65',
  class: 'secret',
} as const

/** Of ten credentials of an organisation. */
const KINDS: readonly Slot['kind'][] = ['kv', 'kv', 'kv', 'kv', 'kv', 'kv', 'kv', 'database', 'aws', 'kubernetes']

export class Credentials {
  readonly all: Slot[] = []
  private readonly byTeam = new Map<string, Map<Slot['kind'], Slot[]>>()
  private made = 0
  private turn = 0

  constructor(
    private readonly chance: Chance,
    count: number,
    teams: readonly string[],
  ) {
    for (let index = 0; index < count; index++)
      this.keep(this.make(KINDS[index % 10] ?? 'kv', teams[(index + Math.floor(index / 10)) % teams.length] ?? ''))
    for (const team of teams)
      for (const kind of ['kv', 'database', 'aws', 'kubernetes'] as const) this.ensure(team, kind)
  }

  /** One of a team's: mostly the popular ones, and one after another, so that none is forgotten. */
  pick(team: string, kind: Slot['kind']): Slot {
    const slots = this.byTeam.get(team)?.get(kind) ?? []
    if (this.chance.is(0.4)) return slots[this.turn++ % slots.length] as Slot
    return slots[Math.floor(slots.length ** this.chance.next()) - 1] as Slot
  }

  /** The same among those of an environment; undefined where the team has none there. */
  pickIn(team: string, kind: Slot['kind'], environment: Environment): Slot | undefined {
    const slots = (this.byTeam.get(team)?.get(kind) ?? []).filter((slot) => slot.environment === environment)
    return slots.length === 0 ? undefined : this.chance.pick(slots)
  }

  /** One that nothing else uses. */
  make(kind: Slot['kind'], team: string, environment: Environment = this.chance.is(0.7) ? 'prod' : 'staging'): Slot {
    const serial = this.made++
    const service = SERVICES[serial % SERVICES.length] ?? 'service'
    const name = serial < SERVICES.length ? service : `${service}-${Math.floor(serial / SERVICES.length)}`
    const path = kind === 'database' ? `${environment}-${team}-${name}` : `${environment}/${team}/${name}`
    return { kind, path: kind === 'kubernetes' ? `${environment}-${team}/${name}` : path, team, environment, version: 1, valueHash: this.chance.hex(8) } // prettier-ignore
  }

  private ensure(team: string, kind: Slot['kind']): void {
    if (this.byTeam.get(team)?.get(kind) === undefined) this.keep(this.make(kind, team))
  }

  private keep(slot: Slot): void {
    this.all.push(slot)
    const kinds = this.byTeam.get(slot.team) ?? new Map<Slot['kind'], Slot[]>()
    this.byTeam.set(slot.team, kinds)
    const slots = kinds.get(slot.kind)
    if (slots === undefined) kinds.set(slot.kind, [slot])
    else slots.push(slot)
  }
}

/** The ARN of a secret; the six characters behind its name are those of its making. */
export function arnOf({ path }: Slot): string {
  return `arn:aws:secretsmanager:${AWS_REGION}:${AWS_ACCOUNT}:secret:${path}-AbCdEf`
}
