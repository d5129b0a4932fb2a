import type { Key } from './keys.js'

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
}
