import { textAt, type ActivityKind, type JsonObject, type Target } from '@catena/domain'

export interface Addressed {
  readonly kind: ActivityKind
  readonly target: Target | undefined
}

/** API verbs that stand before the path of a KV version 2 secret. */
const KV2_VERB = /^(data|metadata|delete|undelete|destroy|subkeys)\/(.+)$/

const TRANSIT_VERB = /^(?:encrypt|decrypt|rewrap|datakey\/(?:plaintext|wrapped)|sign|verify|hmac)\/([^/]+)/

/** What a request to a secrets engine asked for: the kind of activity and the credential it touched. */
export function address(record: JsonObject, system: string): Addressed {
  const mountType = textAt(record, 'request.mount_type') ?? ''
  const operation = textAt(record, 'request.operation') ?? ''
  const inside = pathInside(record)
  if (inside === undefined) return { kind: 'operation', target: undefined }
  const target = (path: string): Target => ({
    system,
    ...optional('container', textAt(record, 'request.mount_accessor') ?? textAt(record, 'response.mount_accessor')),
    ...optional('containerName', textAt(record, 'request.mount_point')),
    path,
  })
  if (mountType === 'kv' || mountType === 'generic') return addressKv(inside, operation, target)
  if (mountType === 'cubbyhole' || mountType === 'ns_cubbyhole')
    return { kind: kvKind('data', operation), target: target(inside) }
  if (mountType === 'transit') {
    const key = TRANSIT_VERB.exec(inside)?.[1]
    if (key !== undefined) return { kind: 'key-used', target: target(`keys/${key}`) }
  }
  if (textAt(record, 'response.secret.lease_id') !== undefined || /^(?:static-)?creds\//.test(inside)) {
    return { kind: 'lease-issued', target: target(inside) }
  }
  if (/^(?:issue|sign)\//.test(inside)) return { kind: 'secret-read', target: target(inside) }
  return {
    kind: operation === 'read' || operation === 'list' ? 'operation' : 'configuration-changed',
    target: target(inside),
  }
}

function pathInside(record: JsonObject): string | undefined {
  const path = textAt(record, 'request.path')
  const mount = textAt(record, 'request.mount_point')
  if (path === undefined) return undefined
  return mount !== undefined && path.startsWith(mount) ? path.slice(mount.length) : path
}

function addressKv(inside: string, operation: string, target: (path: string) => Target): Addressed {
  const [, verb, path] = KV2_VERB.exec(inside) ?? []
  if (verb === undefined || path === undefined) return { kind: kvKind('data', operation), target: target(inside) }
  return { kind: kvKind(verb, operation), target: target(path) }
}

function kvKind(verb: string, operation: string): ActivityKind {
  if (operation === 'list') return 'secret-listed'
  if (verb === 'destroy') return 'secret-destroyed'
  if (verb === 'undelete') return 'secret-restored'
  if (verb === 'delete' || operation === 'delete') return verb === 'metadata' ? 'secret-destroyed' : 'secret-deleted'
  if (operation === 'read' || operation === 'help')
    return verb === 'metadata' || verb === 'subkeys' ? 'secret-listed' : 'secret-read'
  return verb === 'metadata' ? 'configuration-changed' : 'secret-written'
}

function optional<K extends string>(name: K, value: string | undefined): { [P in K]?: string } {
  return (value === undefined ? {} : { [name]: value }) as { [P in K]?: string }
}
