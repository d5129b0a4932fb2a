import type { Administrator } from './administration.js'
import type { Noted } from '../records/journal.js'
import { targetOf } from '../doings/target.js'
import type { Place, Slot } from '../organisation/credentials.js'
import { isOfOkta } from '../organisation/people.js'
import type { World } from '../world.js'
import { asAdministrator, SECURITY, teamNamed, type Named } from './administrators.js'
import { give } from './give.js'

/** What people say of a credential. */
export interface Facts {
  readonly kind?: 'password' | 'certificate' | 'private-key'
  readonly environment?: string
  readonly purpose?: string
  readonly shared?: boolean
  readonly rotationDays?: number
}

export function assignOwner(world: World, credential: Place, owner: Named): Noted {
  return give(world, SECURITY, { do: 'AssignOwner', credential, ...owner })
}

/** Keeps it beside its owner. */
export function addCustodian(world: World, credential: Place, custodian: Named): Noted {
  return give(world, SECURITY, { do: 'AddSteward', credential, role: 'custodian', ...custodian })
}

/** One of those who own it says that it is theirs. */
export function attest(world: World, credential: Place, by: Administrator): Noted {
  return give(world, by, { do: 'AttestOwnership', credential })
}

export function declare(world: World, credential: Place, facts: Facts): Noted {
  return give(world, SECURITY, { do: 'DeclareFacts', credential, facts })
}

export function declareCopy(world: World, credential: Place, kind: string, place: string, version?: number): Noted {
  return give(world, SECURITY, { do: 'DeclareCopy', credential, kind, place, ...(version === undefined ? {} : { version }) }) // prettier-ignore
}

/** The environment as jobs name it. */
const ENVIRONMENTS = { prod: 'production', staging: 'staging' } as const
/** Nobody rotates the secrets of the cluster; that is declared. */
const UNROTATED_DAYS = 730

/** What a well-run organisation says of a new credential: whose it is, and they agree; what it is for, and where it is used. */
export function takeCharge(world: World, slot: Slot): void {
  const { team, environment, path, kind } = slot
  const credential = targetOf(slot)
  takeOver(world, credential, team)
  const facts = { purpose: `${path} of ${team}`, environment: ENVIRONMENTS[environment] }
  declare(world, credential, kind === 'kubernetes' ? { ...facts, rotationDays: UNROTATED_DAYS } : facts)
}

/** It becomes the team's, and one of them says so. */
export function takeOver(world: World, credential: Place, team: string): void {
  assignOwner(world, credential, teamNamed(team))
  const member = world.people.find((person) => person.team === team && !isOfOkta(person))
  if (member !== undefined) attest(world, credential, asAdministrator(member, 'credential-owner'))
}
