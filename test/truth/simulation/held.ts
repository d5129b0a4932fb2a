import type { Mount, Organisation, Origin, Person } from './organisation.js'
import type { Token } from './raw.js'
import type { Aspect } from './truth.js'

/** What is known of a login's origin once the whole course is over. */
export interface Behind {
  readonly path: () => Aspect
  readonly actor: () => Aspect
  readonly mount?: Mount
  readonly origin?: Origin | undefined
  readonly at: number
}

export interface Held {
  readonly token: Token
  readonly behind: Behind
  readonly handed: boolean
  readonly address: string
  /** A device with clear accessors saw all that the token comes from. */
  readonly isClear: boolean
  isDead: boolean
}

/** What the oracle knows once the course is over. */
export interface Happened {
  readonly organisation: Organisation
  readonly people: readonly Person[]
  readonly origins: readonly Origin[]
  readonly logins: readonly {
    readonly mount: Mount
    readonly origin: Origin | undefined
    readonly at: number
    readonly person?: Person | undefined
  }[]
}
