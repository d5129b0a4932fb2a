import { issuerScope, text, type ActivityKind, type SourceInstance } from '@catena/domain'
import type { Groups } from './groups.js'
import { classifyLogin, isLogin } from './login.js'
import { ADMINISTRATION, type AuditRecord } from './record.js'
import { address, type Addressed } from './target.js'
import { callerNames, cloudKeysOf, handOverWrapped, issuedNames, leaseOf } from './tokens.js'

/** After these, the slot holds something else than before: another content, none, or again what was deleted. */
const CHANGES_SLOT = new Set<ActivityKind>(['secret-written', 'secret-deleted', 'secret-destroyed', 'secret-restored'])

/** What a record tells of, and by which keys. */
export function classify(record: AuditRecord, groups: Groups, source: SourceInstance): Addressed {
  if (isLogin(record)) return classifyLogin(record, groups, source)
  groups.token('caller', 'presents', callerNames(record))
  handOverWrapped(record, groups)
  const kind =
    classifyToken(record, groups) ??
    classifyLease(record, groups) ??
    classifyWrapping(record, groups) ??
    classifyControlGroup(record, groups)
  if (kind !== undefined) return { kind, target: undefined }
  const system = issuerScope(source.kind, source.scope)
  if (ADMINISTRATION.test(record.path)) return classifyAdministration(record, system)
  const addressed = address(record, system)
  if (CHANGES_SLOT.has(addressed.kind)) groups.credential(addressed.target)
  groups.lease('lease', 'establishes', [leaseOf(record)], { by: 'login' })
  groups.add('cloud-key', 'establishes', cloudKeysOf(record), { by: 'login' })
  return addressed
}

/** Older clients put the token, or its accessor, behind the verb. */
const TOKEN_PATH = /^auth\/token\/(create|renew|revoke|lookup)([\w-]*)(?:\/([^/]+))?/

function classifyToken(record: AuditRecord, groups: Groups): ActivityKind | undefined {
  if (!record.path.startsWith('auth/token/')) return undefined
  const [, verb, manner, named] = TOKEN_PATH.exec(record.path) ?? []
  if (verb === 'create') {
    groups.token('issued', 'establishes', issuedNames(record), { by: 'handover' })
    return 'token-created'
  }
  if (verb === 'renew') return 'token-renewed'
  if (verb === 'lookup') return 'operation'
  if (verb !== 'revoke') return undefined
  // One name only: whoever sends a token and another's accessor in one body would equate the two.
  const member = manner === '-accessor' ? record.body.accessor : record.body.token
  groups.token('revoked', 'ends', manner === '-self' ? callerNames(record) : [text(member) ?? named])
  return 'token-revoked'
}

const LEASE_PATH = /^sys\/(?:leases\/)?(renew|revoke)(?:\/(.+))?$/

function classifyLease(record: AuditRecord, groups: Groups): ActivityKind | undefined {
  if (!record.path.startsWith('sys/')) return undefined
  const [, verb, inPath] = LEASE_PATH.exec(record.path) ?? []
  if (verb === undefined) return classifyPrefix(record, groups)
  // The body wins over the path, as in the vault; taken together, they would let a caller equate two leases.
  const asked = text(record.body.lease_id) ?? inPath ?? text(record.body.url_lease_id)
  const named = [asked, leaseOf(record)]
  if (verb === 'revoke') groups.lease('lease', 'ends', named)
  else groups.lease('lease', 'presents', named, { sideways: true })
  return verb === 'revoke' ? 'lease-revoked' : 'lease-renewed'
}

/** Revoking a prefix names no lease: the leases under it end, and only the server log says which. */
function classifyPrefix({ path, namespaceId }: AuditRecord, groups: Groups): ActivityKind | undefined {
  const [, prefix] = /^sys\/(?:leases\/)?revoke-(?:prefix|force)\/(.+?)\/?$/.exec(path) ?? []
  if (prefix === undefined) return undefined
  // Two namespaces may have mounts of one name. Lease ids end in the namespace, and a prefix may be a whole one.
  const isRoot = namespaceId === undefined || namespaceId === 'root'
  const isWhole = isRoot || prefix.endsWith(`.${namespaceId}`)
  groups.scoped('lease-prefix', 'ends', 'vault-lease-prefix', isWhole ? prefix : `${prefix}.${namespaceId}`)
  return 'lease-revoked'
}

function classifyWrapping(record: AuditRecord, groups: Groups): ActivityKind | undefined {
  const { path, body } = record
  if (path !== 'sys/wrapping/unwrap' && path !== 'sys/wrapping/rewrap') return undefined
  groups.token('opened', 'presents', [text(body.token)], { sideways: true })
  // It hands nothing out: the content goes from one wrapping into another.
  if (path === 'sys/wrapping/rewrap') return 'operation'
  groups.token('unwrapped', 'presents', issuedNames(record), { sideways: true })
  groups.lease('lease', 'establishes', [leaseOf(record)], { by: 'login' })
  return 'response-unwrapped'
}

/** Somebody of a control group agreed to a request, which he names by the accessor of the wrapping that the requester got. */
function classifyControlGroup(record: AuditRecord, groups: Groups): ActivityKind | undefined {
  if (record.path !== 'sys/control-group/authorize') return undefined
  groups.token('request', 'presents', [text(record.body.accessor)], { sideways: true })
  groups.scoped('approver', 'presents', 'vault-entity', text(record.auth.entity_id), { sideways: true })
  return 'approval-observed'
}

/** Requests that change nothing although clients send them as writes. */
const ASKS =
  /^(?:sys\/(?:audit\/test$|audit-hash\/|capabilities|control-group\/|internal\/|leases\/(?:lookup|count)|tools\/|wrapping\/)|identity\/(?:lookup\/|oidc\/introspect)|auth\/.+\/role\/[^/]+\/(?:custom-)?secret-id(?:-accessor)?\/lookup$)/

/** Passwords of accounts, and the ids of secrets with which they log in: made, replaced, or made void. */
const CREDENTIALS =
  /^auth\/(?:.+\/role\/[^/]+\/(?:custom-)?secret-id(?:-accessor)?(?:\/destroy)?|.+\/users\/[^/]+\/password)$/

function classifyAdministration(record: AuditRecord, system: string): Addressed {
  const { operation, path, isResponse } = record
  const shown = operation === 'help' ? undefined : classifyShown(record, system)
  if (shown !== undefined) return shown
  const isQuestion = operation === 'read' || operation === 'list' || operation === 'help'
  if (isQuestion || ASKS.test(path)) return { kind: 'operation', target: undefined }
  if (/^sys\/polic(?:ies|y)\//.test(path)) return { kind: 'policy-changed', target: undefined }
  if (CREDENTIALS.test(path)) return { kind: 'credential-changed', target: { system, path } }
  // Of some methods only the answer tells that this was a login.
  if (!isResponse && path.startsWith('auth/') && !AUTH_SETTING.test(path))
    return { kind: 'operation', target: undefined }
  return { kind: 'configuration-changed', target: undefined }
}

/** The vault's own storage as it is inside, any secret of any mount among it; the secret of an application that signs in by the vault. */
const SHOWN = /^(?:sys\/raw\/.|identity\/oidc\/client\/[^/]+$)/

/** Reads of what the vault keeps beside its stores, and tokens of its own making for others. */
function classifyShown({ operation, path, request }: AuditRecord, system: string): Addressed | undefined {
  if (/^identity\/oidc\/token\/[^/]+$/.test(path)) return { kind: 'token-created', target: undefined }
  if (!SHOWN.test(path) || (operation !== 'read' && operation !== 'list')) return undefined
  if (operation === 'list') return { kind: 'secret-listed', target: undefined }
  const container = text(request.mount_accessor)
  const [mount = ''] = /^(?:sys|identity)\//.exec(path) ?? []
  return {
    kind: 'secret-read',
    target: {
      system,
      ...(container === undefined ? {} : { container }),
      containerName: mount,
      path: path.slice(mount.length),
    },
  }
}

const AUTH_SETTING = /\/(?:roles?|users?|groups?|config|tune|map|certs?|crls?|identity|tidy|sts)(?:\/|$)/
