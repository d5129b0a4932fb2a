import { createHash } from 'node:crypto'
import type { Json, JsonObject } from '@catena/domain'

/** A token as its vault knows it; a batch token has no accessor. */
export interface Token {
  readonly sent: string
  readonly accessor: string | undefined
  readonly displayName: string
  readonly entity: string | undefined
  readonly metadata: JsonObject
  readonly policies: readonly string[]
}

/** An audit device: one salt from each enabling on. */
export interface Device {
  readonly clearAccessors: boolean
  salt: string
  isOff: boolean
  readonly lines: string[]
}

export interface VaultRequest {
  readonly id: string
  readonly from: number
  readonly to: number
  readonly path: string
  readonly operation: string
  readonly mount: { readonly point: string; readonly type: string; readonly accessor: string }
  readonly address: string
  readonly caller?: Token | undefined
  readonly isDead?: boolean
  readonly issues?: Token | undefined
  /** The wrapping token; the issued token stands inside. */
  readonly wrapping?: Token | undefined
  readonly body?: Readonly<Record<string, string>>
  readonly answer?: JsonObject
  readonly isRefused?: boolean
}

export function audit(device: Device, request: VaultRequest): void {
  if (device.isOff) return
  const hash = (value: string): string =>
    `hmac-sha256:${createHash('sha256').update(`${device.salt}/${value}`).digest('hex')}`
  const accessorOf = (token: Token): string | undefined =>
    token.accessor === undefined || device.clearAccessors ? token.accessor : hash(token.accessor)
  const authOf = (token: Token): JsonObject => ({
    accessor: accessorOf(token),
    client_token: hash(token.accessor === undefined ? `sent ${token.sent}` : `inner ${token.sent}`),
    display_name: token.displayName,
    entity_id: token.entity,
    metadata: token.metadata,
    policies: [...token.policies],
    token_type: token.accessor === undefined ? 'batch' : 'service',
    token_ttl: 3600,
  })
  const { caller, isDead = false, issues, wrapping, mount } = request
  const isLogin = mount.type !== 'token' && issues !== undefined
  const common: JsonObject = {
    id: request.id,
    path: request.path,
    operation: request.operation,
    mount_point: mount.point,
    mount_type: mount.type,
    mount_accessor: mount.accessor,
    namespace: { id: 'root' },
    remote_address: request.address,
    ...(caller === undefined ? {} : { client_token: hash(`sent ${caller.sent}`) }),
    ...(caller === undefined || isDead ? {} : { client_token_accessor: accessorOf(caller) }),
    ...(request.body === undefined
      ? {}
      : { data: Object.fromEntries(Object.entries(request.body).map(([name, value]) => [name, hash(value)])) }),
  }
  const auth = isLogin ? { token_type: 'default' } : caller === undefined || isDead ? undefined : authOf(caller)
  const error = isDead ? '2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n' : undefined
  const write = (line: JsonObject): number => device.lines.push(JSON.stringify(line))
  write({ time: stamp(request.from), type: 'request', auth, request: common, error })
  if (isDead) return
  const wrapInfo =
    wrapping === undefined
      ? {}
      : {
          wrap_info: {
            accessor: accessorOf(wrapping),
            token: hash(`inner ${wrapping.sent}`),
            creation_path: request.path,
            ttl: 60,
            ...(issues === undefined ? {} : { wrapped_accessor: accessorOf(issues) }),
          },
        }
  const response = {
    ...wrapInfo,
    ...(issues === undefined || wrapping !== undefined ? {} : { auth: authOf(issues) }),
    ...(request.answer === undefined ? {} : { data: request.answer }),
    mount_accessor: mount.accessor,
  }
  const answered = isLogin ? authOf(issues) : auth
  write({
    time: stamp(request.to),
    type: 'response',
    auth: answered,
    request: common,
    response: request.isRefused === true ? {} : response,
  })
}

export function stamp(at: number): string {
  return new Date(at).toISOString()
}

export function keycloakEvent(at: number, event: JsonObject): string {
  return JSON.stringify({ time: Math.round(at), realmId: 'realm-uuid', ipAddress: '10.0.0.9', ...event })
}

export function keycloakLine(at: number, event: JsonObject): string {
  const { details, ...rest } = event as { details?: JsonObject } & JsonObject
  const members: [string, Json | undefined][] = [
    ...Object.entries({ ...rest, realmId: 'realm-uuid', realmName: 'acme', ipAddress: '10.0.0.9' }),
    ...Object.entries(details ?? {}),
  ].filter(([name]) => name !== 'id')
  const message = members.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')
  return JSON.stringify({ timestamp: stamp(at), level: 'INFO', loggerName: 'org.keycloak.events', message })
}

export function keycloakAdmin(
  at: number,
  id: string,
  operation: string,
  user: string,
  representation?: JsonObject,
): string {
  return JSON.stringify({
    id,
    time: Math.round(at),
    realmId: 'realm-uuid',
    authDetails: { realmId: 'realm-uuid', clientId: 'admin', userId: 'administrator', ipAddress: '10.0.0.1' },
    operationType: operation,
    resourceType: 'USER',
    resourcePath: operation === 'ACTION' ? `users/${user}/logout` : `users/${user}`,
    ...(representation === undefined ? {} : { representation: JSON.stringify(representation) }),
  })
}

export interface Attempt {
  readonly run: number
  readonly attempt: number
  readonly repository: { readonly id: number; readonly name: string }
  readonly start: number
}

const seconds = (at: number): string => `${new Date(Math.floor(at / 1000) * 1000).toISOString().slice(0, 19)}Z`

export function runWebhook(id: string, at: number, action: string, attempt: Attempt, startedAt: number): string {
  const run = {
    id: attempt.run,
    run_attempt: attempt.attempt,
    name: 'deploy',
    run_started_at: seconds(startedAt),
    created_at: seconds(startedAt),
    updated_at: seconds(at),
    triggering_actor: { login: 'somebody', id: 77, type: 'User' },
  }
  return webhook(id, 'workflow_run', { action, workflow_run: run, ...repositoryOf(attempt) })
}

export function jobWebhook(id: string, at: number, action: string, attempt: Attempt, startedAt: number): string {
  const job = {
    id: attempt.run * 10 + attempt.attempt,
    run_id: attempt.run,
    run_attempt: attempt.attempt,
    name: 'deploy',
    created_at: seconds(startedAt),
    started_at: seconds(startedAt),
    completed_at: action === 'completed' ? seconds(at) : null,
  }
  return webhook(id, 'workflow_job', { action, workflow_job: job, ...repositoryOf(attempt) })
}

function repositoryOf({ repository }: Attempt): JsonObject {
  return { repository: { id: repository.id, full_name: repository.name }, organization: { login: 'acme', id: 5 } }
}

function webhook(id: string, event: string, payload: JsonObject): string {
  return JSON.stringify({ headers: { 'X-GitHub-Event': event, 'X-GitHub-Delivery': id }, payload })
}
