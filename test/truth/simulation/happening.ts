import type { Chance } from './chance.js'
import type { Happened, Held } from './held.js'
import { Organisation, type Mount, type Origin, type Person } from './organisation.js'
import type { Truth } from './truth.js'

/** What a course of work has come to so far. */
export class Happening implements Happened {
  readonly organisation: Organisation
  readonly keycloak: string[] = []
  readonly github: string[] = []
  readonly people: Person[] = []
  readonly origins: Origin[] = []
  readonly logins: {
    readonly mount: Mount
    readonly origin: Origin | undefined
    readonly at: number
    readonly person?: Person | undefined
  }[] = []
  readonly pending: (() => Truth)[] = []
  readonly held: Held[] = []
  now = Date.UTC(2026, 2, 2, 8)
  run = 9000

  constructor(readonly chance: Chance) {
    this.organisation = new Organisation(chance)
  }

  present(): Person[] {
    return this.people.filter(({ deletedAt, disabledAt }) => deletedAt === undefined && disabledAt === undefined)
  }

  get isClear(): boolean {
    return this.organisation.devices.some(({ clearAccessors, isOff }) => clearAccessors && !isOff)
  }
}
