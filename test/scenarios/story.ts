import type { Target } from '@catena/domain'
import { credentialOf } from '@catena/projections'
import { FILES, NO_FAULTS, SIMULATION_DEFAULTS, type Output } from '@catena/simulation'
import { personNamed, type Named } from '../../libs/simulation/src/administration/administrators.js'
import { hire, type Newcomer } from '../../libs/simulation/src/doings/staff.js'
import { targetOf } from '../../libs/simulation/src/doings/target.js'
import type { Course } from '../../libs/simulation/src/engine/agenda.js'
import type { Slot } from '../../libs/simulation/src/organisation/credentials.js'
import type { Person } from '../../libs/simulation/src/organisation/people.js'
import { ownRepository, type Repository } from '../../libs/simulation/src/organisation/repositories.js'
import type { FileName, Noted } from '../../libs/simulation/src/records/journal.js'
import { World } from '../../libs/simulation/src/world.js'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
/** A Monday, at nine. */
export const START = Date.UTC(2026, 2, 2, 9)
/** Long enough for what is counted in months. */
const DAYS = 140

/** Who asks or decides: name and roles; a person of the story by the own key. */
export interface Voice extends Named {
  readonly roles: readonly string[]
  /** Left out: a person. */
  readonly kind?: 'machine'
}

/** What a decision left behind, once the story was played. */
export interface Decision {
  readonly at: number
  readonly by: Voice
  readonly mutation: () => string
  answer?: { readonly id?: string; readonly position?: string | number; readonly code?: string; readonly status?: string }
} // prettier-ignore

export type Step =
  | { readonly at: number; readonly file: FileName; readonly line: string }
  | { readonly at: number; readonly decision: Decision }
  | { readonly at: number; readonly look: true }

/** A secret of the story, as answers name it. */
export interface Secret {
  readonly id: string
  readonly name: string
  readonly slot: Slot
}

/**
 * What happened in an organisation, told by scenarios side by side: systems write records, and people decide. All of it happens in the order of
 * time, each thing at its moment.
 */
export class Story implements Output {
  readonly steps: Step[] = []
  readonly world = new World({ ...SIMULATION_DEFAULTS, seed: 7, people: 0, credentials: 0, days: DAYS, start: START, incidents: [], faults: NO_FAULTS }, this) // prettier-ignore
  private serial = 0

  get now(): number {
    return this.world.now
  }

  get end(): number {
    return START + DAYS * DAY
  }

  write(file: string, line: string): void {
    if (file in FILES) this.steps.push({ at: this.now, file: file as FileName, line })
  }

  /** It begins at the start of the story and yields how long it waits. */
  tells(course: () => Course): void {
    this.world.agenda.start(course(), START)
  }

  /** Decided at this moment, by a mutation of the API; what it refers to has been answered by then. */
  decides(by: Voice, mutation: () => string): Decision {
    const decision: Decision = { at: this.now, by, mutation }
    this.steps.push({ at: this.now, decision })
    return decision
  }

  /** Catena judges what it knows by then, as it does all the time. */
  looks(): void {
    this.steps.push({ at: this.now, look: true })
  }

  person(newcomer: Newcomer = {}): Person {
    return hire(this.world, { team: 'payments', mount: 'oidc', ...newcomer })
  }

  repository(): Repository {
    return ownRepository(++this.serial, 'payments', 'attempt')
  }

  secret(kind: Slot['kind'] = 'kv', environment: Slot['environment'] = 'staging'): Secret {
    const slot = this.world.credentials.make(kind, 'payments', environment)
    return { ...credentialAt(targetOf(slot)), slot }
  }

  /** Everything, in the order in which it happened. */
  play(): readonly Step[] {
    while (this.world.agenda.step());
    return this.steps
  }
}

export function credentialAt(target: Target): { readonly id: string; readonly name: string } {
  const id = credentialOf(target)
  if (id === undefined) throw new Error(`${target.path} lies in no container`)
  return { id, name: target.path }
}

export function voice(person: Person, ...roles: readonly string[]): Voice {
  return { ...personNamed(person), roles }
}

/** Of the security office; in no record, so that nobody takes it for one of those who hold something. */
export const CHIEF: Voice = { key: 'person:keycloak/marlin:chief', name: 'chief', roles: ['security-engineer'] }
export const AUDITOR: Voice = { key: 'person:keycloak/marlin:auditor', name: 'auditor', roles: ['auditor'] }

/** As GraphQL takes somebody by key and name. */
export function namedKey({ key, name }: Named): string {
  return `{ key: "${key}", name: "${name}" }`
}

export type { Noted, Person, Repository, Slot }
