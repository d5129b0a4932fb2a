import { makeKey, type Key } from './keys.js'

/** What a caller may do; what each role may is written in one place, the table of access rules. */
export const ROLES = [
  'auditor',
  'security-engineer',
  'campaign-manager',
  'reviewer',
  'credential-owner',
  'operator',
  'ingest',
  'export',
] as const
export type Role = (typeof ROLES)[number]

/** Roles that people hold; the others are for machines. */
export const PEOPLE_ROLES = [
  'auditor',
  'security-engineer',
  'campaign-manager',
  'reviewer',
  'credential-owner',
  'operator',
] as const satisfies readonly Role[]

/** Roles that nobody holds together where duties are separated: who operates Catena reads no evidence and certifies nothing. */
export const SEPARATED_ROLES: readonly (readonly [Role, Role])[] = [
  ['operator', 'auditor'],
  ['operator', 'security-engineer'],
  ['operator', 'reviewer'],
]

/** A part of the evidence: credentials that fit every list that is given, by one of its names. Without any list it is nothing. */
export interface EvidencePart {
  /** Names as records have them, with or without the slash at their end. */
  readonly vaults?: readonly string[]
  /** Environments that the credentials are declared to be of. */
  readonly environments?: readonly string[]
  /** Organisation units that own the credentials: teams by name, or departments of the people who do. */
  readonly units?: readonly string[]
}

/** A role for a part of the evidence alone. */
export interface RoleWithin extends EvidencePart {
  readonly role: VaultRole
}

/** Does it name anything at all? An empty list fits nothing. */
export function isPart({ vaults, environments, units }: EvidencePart): boolean {
  const given = [vaults, environments, units].filter((names) => names !== undefined)
  return given.length > 0 && given.every((names) => names.length > 0)
}

/** Roles that may be held for a part of the evidence only: those that read it. */
export const VAULT_ROLES = ['auditor', 'security-engineer'] as const satisfies readonly Role[]
export type VaultRole = (typeof VAULT_ROLES)[number]

/** Who asks. */
export interface Caller {
  /** Stands in the ledger as the actor of what it decides, e.g. `person:keycloak/acme:<subject>` or `machine:<token id>`. */
  readonly id: string
  /** For people to read. */
  readonly name: string
  readonly kind: 'person' | 'machine'
  readonly roles: readonly Role[]
  /** Keys by which records know this person; independence of reviewers is judged over all of them. */
  readonly keys: readonly Key[]
  /**
   * Further keys whose matters are the caller's own, as those of the people who answer for a machine: they give no right, and keep one from
   * deciding on what is one's own.
   */
  readonly alsoKnownAs?: readonly Key[]
  /**
   * Roles that are held for a part of the evidence only. They do not stand in `roles`: what knows nothing of parts thus allows nothing
   * by them.
   */
  readonly within?: readonly RoleWithin[]
  /** Ids of the sources that it may send records for; undefined: not limited. */
  readonly sources?: readonly string[]
}

/** By which a caller is known here, whatever records call them. */
export function callerKey(id: string): Key {
  return makeKey('person', 'catena', id)
}

/** The first two roles held together that must not be; undefined: none are. */
export function conflictOf(roles: readonly Role[]): readonly [Role, Role] | undefined {
  return SEPARATED_ROLES.find(([one, other]) => roles.includes(one) && roles.includes(other))
}
