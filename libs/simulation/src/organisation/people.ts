import type { Chance } from '../engine/chance.js'
import { FIRST_NAMES, OFFICE, ORGANISATION } from './names.js'
import { MOUNTS, type Mount, type MountName } from './mounts.js'

export interface Person {
  readonly id: string
  readonly username: string
  readonly email: string
  /** At GitHub. */
  readonly login: string
  readonly githubId: number
  /** In the vault. */
  readonly entity: string
  readonly address: string
  readonly since: number
  team: string
  /** Auth mount of the vault through which this person logs in. */
  readonly mount: MountName
  /** Since when the identity provider's records show the account disabled, or deleted. */
  disabledAt?: number
  deletedAt?: number
}

/** Where the person's account is. */
export function isOfOkta(person: Pick<Person, 'mount'>): boolean {
  const mount: Mount = MOUNTS[person.mount]
  return mount.issuer === 'okta'
}

/** The login name at the person's identity provider; at Okta it is the e-mail address. */
export function loginName({ mount, username, email }: Pick<Person, 'mount' | 'username' | 'email'>): string {
  return isOfOkta({ mount }) ? email : username
}

export interface Hire {
  readonly at: number
  readonly team: string
  readonly mount: MountName
  /** A login name that somebody had before. */
  readonly username?: string
}

/** Makes people; no two have the same login name unless asked for. */
export class Register {
  private hired = 0

  constructor(private readonly chance: Chance) {}

  person({ at, team, mount, username: given }: Hire): Person {
    const serial = this.hired++
    const round = Math.floor(serial / FIRST_NAMES.length)
    const name = FIRST_NAMES[serial % FIRST_NAMES.length] ?? 'nobody'
    const username = given ?? (round === 0 ? name : `${name}${round + 1}`)
    return {
      id: isOfOkta({ mount }) ? `00u${this.chance.letters(17)}` : this.chance.id(),
      username,
      email: `${username}@${ORGANISATION}.example`,
      login: `${username}-mw${given === undefined ? '' : '2'}`,
      githubId: 70_000 + serial,
      entity: this.chance.id(),
      address: `${OFFICE}.${serial >> 8}.${serial & 255 || 1}`,
      since: at,
      team,
      mount,
    }
  }
}
