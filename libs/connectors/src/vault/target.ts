import { text, type ActivityKind, type Target } from '@catena/domain'
import type { AuditRecord } from './record.js'
import { leaseOf } from './tokens.js'

export interface Addressed {
  readonly kind: ActivityKind
  readonly target: Target | undefined
}

/** API verbs that stand before the path of a KV version 2 secret. */
export const KV2_VERB = /^(data|metadata|delete|undelete|destroy|subkeys)\/(.+)$/

const CUBBYHOLES = new Set(['cubbyhole', 'ns_cubbyhole'])

const TRANSIT_VERB = /^(?:encrypt|decrypt|rewrap|datakey\/(?:plaintext|wrapped)|sign|verify|hmac|cmac)\/([^/]+)/

/** The key itself leaves: exported, wrapped for another vault, or in a backup. Public keys and certificates are no secrets. */
const TRANSIT_EXPORT = /^(?:export\/(?!public-key\/|certificate-chain\/)[^/]+|byok-export\/[^/]+|backup)\/([^/]+)/

/** Places whose answer is a credential made for the caller, whether or not the record shows its lease. */
const MADE_ON_DEMAND =
  /^(?:creds\/|sts\/|library\/.+\/check-out$|(?:roleset|static-account|impersonated-account)\/[^/]+\/(?:token|key)$)/

/** The same at a mount of Google Cloud, by its older paths. */
const MADE_FOR_GOOGLE = /^(?:token|key)\/[^/]+$/

/** A certificate with its key that a KMIP client authenticates with. */
const MADE_FOR_KMIP = /^scope\/[^/]+\/role\/[^/]+\/credential\/(?:generate|sign)$/

/** Passwords and keys of static roles: for everybody the same, and changed by the vault in time, which is in no record. */
const KEPT_FOR_A_ROLE = /^(?:static-creds|static-cred)\//
const KEPT_IN_A_DIRECTORY = /^creds\//

/** Where the password stands that a rotation of a role replaces. Those that the vault makes by itself, in time, are in no record. */
const ROTATED: ReadonlyMap<string, string> = new Map([
  ['database', 'static-creds'],
  ['ldap', 'static-cred'],
  ['openldap', 'static-cred'],
  ['ad', 'creds'],
])
const ROTATION = /^rotate-role\/(.+)$/

/** Values and codes that a key which stays made or read, by the name of the key or role. */
const KEPT: ReadonlyMap<string, readonly [pattern: RegExp, folder: string]> = new Map([
  ['totp', [/^code\/([^/]+)$/, 'keys']],
  ['transform', [/^(?:encode|decode|validate|tokenized)\/([^/]+)/, 'role']],
])

/** Questions that clients send as writes. */
const ASKS: ReadonlyMap<string, RegExp> = new Map([
  ['ssh', /^(?:verify|lookup)$/],
  ['transform', /^metadata\//],
])

/** A certificate or signature of a role, by the default issuer or a named one; or a private key of an authority. */
const ISSUED =
  /^(?:(?:issuer\/[^/]+\/)?(?:issue|sign|sign-verbatim)\/|(?:issuer\/[^/]+\/|root\/)?sign-(?:verbatim|intermediate|self-issued)$|(?:root|intermediate|issuers|keys)\/(?:generate|rotate)\/(?:\w+\/)?exported$)/

/** What a request to a secrets engine asked for: the kind of activity and the credential it touched. */
export function address(record: AuditRecord, system: string): Addressed {
  const { inside, mountType } = record
  if (record.path === '') return { kind: 'operation', target: undefined }
  const container = containerOf(record)
  const containerName = text(record.request.mount_point) ?? text(record.mount)
  const target = (path: string): Target => ({
    system,
    ...(container === undefined ? {} : { container }),
    ...(containerName === undefined ? {} : { containerName }),
    path,
  })
  const { kind, path } = locate(record, inside, mountType)
  return { kind, target: target(path) }
}

/** Every token has a cubbyhole of its own behind one mount, so that mount tells no two secrets apart. */
function containerOf({ request, response, mountType }: AuditRecord): string | undefined {
  return CUBBYHOLES.has(mountType) ? undefined : (text(request.mount_accessor) ?? text(response.mount_accessor))
}

function locate(record: AuditRecord, inside: string, mountType: string): { kind: ActivityKind; path: string } {
  const { operation, isResponse } = record
  const isKv = mountType === 'kv' || mountType === 'generic' || (mountType === '' && KV2_VERB.test(inside))
  if (isKv) return locateInKv(inside, operation)
  if (CUBBYHOLES.has(mountType)) return { kind: kvKind('data', operation), path: inside }
  // A question about a path yields nothing of what the path would.
  if (operation === 'help') return { kind: 'operation', path: inside }
  const ofKey = mountType === 'transit' ? locateKey(inside) : locateKept(inside, mountType)
  if (ofKey !== undefined) return ofKey
  const rotated = locateRotated(inside, mountType)
  if (rotated !== undefined) return rotated
  if (ASKS.get(mountType)?.test(inside) === true) return { kind: 'operation', path: inside }
  if (leaseOf(record) === undefined && isKeptForARole(inside, mountType))
    return { kind: 'rotating-secret-read', path: inside }
  if (leaseOf(record) !== undefined || isMadeOnDemand(inside, mountType)) return { kind: 'lease-issued', path: inside }
  if (ISSUED.test(inside) || (mountType === 'kmip' && MADE_FOR_KMIP.test(inside)))
    return { kind: 'secret-read', path: inside }
  // Only the answer to a write tells whether it handed out a lease.
  const isVague = operation === 'read' || operation === 'list' || !isResponse
  return { kind: isVague ? 'operation' : 'configuration-changed', path: inside }
}

function isKeptForARole(inside: string, mountType: string): boolean {
  return KEPT_FOR_A_ROLE.test(inside) || (mountType === 'ad' && KEPT_IN_A_DIRECTORY.test(inside))
}

function isMadeOnDemand(inside: string, mountType: string): boolean {
  return MADE_ON_DEMAND.test(inside) || (mountType === 'gcp' && MADE_FOR_GOOGLE.test(inside))
}

function locateKey(inside: string): { kind: ActivityKind; path: string } | undefined {
  const used = TRANSIT_VERB.exec(inside)?.[1]
  if (used !== undefined) return { kind: 'key-used', path: `keys/${used}` }
  const exported = TRANSIT_EXPORT.exec(inside)?.[1]
  return exported === undefined ? undefined : { kind: 'secret-read', path: `keys/${exported}` }
}

function locateKept(inside: string, mountType: string): { kind: ActivityKind; path: string } | undefined {
  const [pattern, folder] = KEPT.get(mountType) ?? []
  const name = pattern?.exec(inside)?.[1]
  return name === undefined || folder === undefined ? undefined : { kind: 'key-used', path: `${folder}/${name}` }
}

function locateRotated(inside: string, mountType: string): { kind: ActivityKind; path: string } | undefined {
  const [folder, name] = [ROTATED.get(mountType), ROTATION.exec(inside)?.[1]]
  return folder === undefined || name === undefined ? undefined : { kind: 'secret-written', path: `${folder}/${name}` }
}

function locateInKv(inside: string, operation: string): { kind: ActivityKind; path: string } {
  const [, verb, path] = KV2_VERB.exec(inside) ?? []
  if (verb === undefined || path === undefined) return { kind: kvKind('data', operation), path: inside }
  return { kind: kvKind(verb, operation), path }
}

function kvKind(verb: string, operation: string): ActivityKind {
  if (operation === 'help') return 'operation'
  if (operation === 'list') return 'secret-listed'
  if (verb === 'destroy') return 'secret-destroyed'
  if (verb === 'undelete') return 'secret-restored'
  if (verb === 'delete' || operation === 'delete') return verb === 'metadata' ? 'secret-destroyed' : 'secret-deleted'
  if (operation === 'read') return verb === 'metadata' || verb === 'subkeys' ? 'secret-listed' : 'secret-read'
  return verb === 'metadata' ? 'configuration-changed' : 'secret-written'
}
