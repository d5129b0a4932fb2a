import type { Chance } from './chance.js'
import { disturbDevice } from './devices.js'
import { Happening } from './happening.js'
import { logInAccount, logInPerson, logInRun } from './logins.js'
import { endOrigin, finish } from './origins.js'
import { changePerson, hire, signIn } from './people.js'
import { startRun } from './runs.js'
import { makeChild, revoke, rootToken, use, wrap } from './tokens.js'
import type { Truth } from './truth.js'

/** What may happen next; what stands here more than once happens more often. */
const ACTIONS: readonly ((course: Happening) => void)[] = [
  ...[signIn, signIn, startRun, startRun, logInPerson, logInPerson, logInPerson],
  ...[logInRun, logInRun, logInAccount, use, use, use, use, use, makeChild],
  ...[wrap, revoke, endOrigin, endOrigin, changePerson, disturbDevice],
]

/** A course of work in an organisation: raw records on one side, what really happened on the other. */
export class Course extends Happening {
  constructor(chance: Chance, steps: number) {
    super(chance)
    for (const name of ['ada', 'ben', 'cleo']) hire(this, name, `${name}@acme.example`, false)
    this.held.push(rootToken(this))
    for (let step = 0; step < steps; step++) {
      this.now += chance.between(200, chance.is(0.1) ? 60_000 : 4_000)
      chance.pick(ACTIONS)(this)
    }
    this.now += 5_000
    // Of some attempts only the end is told, so they have one.
    for (const origin of this.origins)
      if (origin.attempt !== undefined && origin.end === undefined) finish(this, origin)
  }

  truths(): Truth[] {
    return this.pending.map((truth) => truth())
  }

  directory(): string[] {
    return this.people
      .filter(({ deletedAt }) => deletedAt === undefined)
      .map(({ id, username, email, disabledAt }) =>
        JSON.stringify({ id, username, email, enabled: disabledAt === undefined, createdTimestamp: null }),
      )
  }
}
