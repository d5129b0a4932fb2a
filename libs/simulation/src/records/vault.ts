import { stamp } from '../engine/time.js'

/** A token as its vault knows it. */
export interface Token {
  readonly accessor: string
  /** HMAC of the token as clients send it, and as the vault keeps it inside. */
  readonly sent: string
  readonly inner: string
  /** Members of `auth` that never change, as JSON without braces. */
  readonly auth: string
  /** Root holds what no policy bounds. */
  readonly isRoot: boolean
}

export interface TokenDraft {
  readonly accessor: string
  readonly sent: string
  readonly inner: string
  readonly displayName: string
  readonly entity: string | undefined
  readonly metadata: Readonly<Record<string, string>>
  readonly policies: readonly string[]
  readonly issuedAt: number
  /** 0: it lasts until it is revoked. */
  readonly ttlSeconds: number
}

export function tokenOf(draft: TokenDraft): Token {
  const { accessor, sent, inner, policies } = draft
  const members = {
    accessor,
    client_token: `hmac-sha256:${inner}`,
    display_name: draft.displayName,
    ...(draft.entity === undefined ? {} : { entity_id: draft.entity }),
    ...(Object.keys(draft.metadata).length === 0 ? {} : { metadata: draft.metadata }),
    policies,
    token_policies: policies,
    token_issue_time: stamp(draft.issuedAt),
    ...(draft.ttlSeconds === 0 ? {} : { token_ttl: draft.ttlSeconds }),
    token_type: 'service',
  }
  return { accessor, sent, inner, auth: JSON.stringify(members).slice(1, -1), isRoot: policies.includes('root') }
}

export interface MountPlace {
  readonly point: string
  readonly type: string
  readonly accessor: string
  readonly class: 'secret' | 'auth'
}

export interface VaultRequest {
  readonly id: string
  readonly from: number
  readonly to: number
  readonly operation: 'read' | 'update' | 'create' | 'delete' | 'list'
  readonly path: string
  readonly mount: MountPlace
  readonly address: string
  readonly agent: string
  readonly caller?: Token | undefined
  /** Policy that granted it; none: refused. */
  readonly grantedBy?: string | undefined
  readonly isDead?: boolean
  /** The token that a login or a creation hands out. */
  readonly issues?: Token | undefined
  /** JSON of `request.data`, and members of `response` as JSON, each behind a comma. */
  readonly data?: string
  readonly answer?: string
}

/** Both halves of a request as the audit device writes them. */
export function auditLines(request: VaultRequest): [string, string] {
  const common = requestOf(request)
  const error = errorOf(request)
  const isLogin = request.caller === undefined && request.issues !== undefined
  const [asked, answered] = isLogin ? ['"auth":{"token_type":"default"},', `"auth":{${request.issues.auth}},`] : Array<string>(2).fill(callerOf(request)) // prettier-ignore
  const response = responseOf(request)
  return [
    `{${asked ?? ''}${error}"request":${common},"time":"${stamp(request.from)}","type":"request"}`,
    `{${answered ?? ''}${error}"request":${common},"response":${response},"time":"${stamp(request.to)}","type":"response"}`,
  ]
}

function requestOf({ id, operation, path, mount, address, agent, caller, isDead, data }: VaultRequest): string {
  const token = caller === undefined ? '' : `"client_token":"hmac-sha256:${caller.sent}",`
  const accessor = caller === undefined || isDead === true ? '' : `"client_token_accessor":"${caller.accessor}",`
  const body = data === undefined ? '' : `"data":${data},`
  return (
    `{${token}${accessor}${body}"headers":{"user-agent":["${agent}"]},"id":"${id}","mount_accessor":"${mount.accessor}",` +
    `"mount_class":"${mount.class}","mount_point":"${mount.point}","mount_type":"${mount.type}","namespace":{"id":"root"},` +
    `"operation":"${operation}","path":"${path}","remote_address":"${address}","remote_port":44102}`
  )
}

function callerOf({ caller, isDead, grantedBy }: VaultRequest): string {
  if (caller === undefined || isDead === true) return ''
  const results =
    grantedBy === undefined
      ? '{"allowed":false}'
      : `{"allowed":true,"granting_policies":[{"type":""},{"name":"${grantedBy}","namespace_id":"root","type":"acl"}]}`
  return `"auth":{${caller.auth},"policy_results":${results}},`
}

function errorOf({ caller, isDead, grantedBy }: VaultRequest): string {
  if (isDead === true) return '"error":"2 errors occurred:\\n\\t* permission denied\\n\\t* invalid token\\n\\n",'
  if (caller === undefined || grantedBy !== undefined) return ''
  return '"error":"1 error occurred:\\n\\t* permission denied\\n\\n",'
}

function responseOf({ mount, issues, answer }: VaultRequest): string {
  const token = issues === undefined ? '' : `"auth":{${issues.auth}},`
  return `{${token}${answer ?? ''}"mount_accessor":"${mount.accessor}","mount_class":"${mount.class}","mount_point":"${mount.point}","mount_type":"${mount.type}"}`
}

/** The server's log is the only place that shows leases ending by themselves. */
export function leaseEndLine(at: number, leaseId: string): string {
  return `{"@level":"info","@message":"revoked lease","@module":"expiration","@timestamp":"${stamp(at)}","lease_id":"${leaseId}"}`
}
