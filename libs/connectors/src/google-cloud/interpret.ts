import {
  isObject,
  issuerScope,
  list,
  text,
  textAt,
  type Activity,
  type JsonObject,
  type Outcome,
  type SourceInstance,
  type StoredRecord,
} from '@catena/domain'
import { KeyGroups } from '../key-groups.js'
import { withoutUnstated } from '../observation.js'
import { accountKey, exchange, token } from './accounts.js'
import { callerAttributes, presentCaller } from './caller.js'
import { callOf, logOf } from './identify.js'
import type { Concern } from './methods.js'
import { apiKey, secret } from './secrets.js'
import type { Context, Told } from './told.js'

const RESOLUTION_MS = 1

const READERS: Readonly<Record<Concern, (context: Context) => Told>> = {
  secret,
  'account-key': accountKey,
  token,
  exchange,
  key,
  'api-key': apiKey,
  plain: () => ({}),
}

export function interpretLogEntry(record: StoredRecord, source: SourceInstance): Activity {
  const call = callOf(record.payload)
  const common = {
    factId: factIdOf(record, source),
    source: source.id,
    type: record.type,
    occurredAt: record.occurredAt,
    resolutionMs: RESOLUTION_MS,
    conflicts: [],
    positions: [record.position],
  }
  const payload = record.payload.protoPayload
  if (call === undefined || !isObject(payload))
    return { ...common, kind: 'unclassified', outcome: 'unknown', groups: [], attributes: {} }
  const system = issuerScope(source.kind, source.scope)
  const outcome = outcomeOf(record.payload, payload)
  const groups = new KeyGroups(system, record.position)
  const context: Context = { record, payload, name: call.name, kind: call.kind, outcome, groups, source, system }
  presentCaller(context)
  const told = READERS[call.concern](context)
  const attributes = { ...callAttributes(record.payload, payload), ...callerAttributes(context), ...told.attributes }
  return {
    ...common,
    kind: call.kind,
    outcome: call.name === 'loginFailure' ? 'denied' : outcome,
    ...(told.target === undefined ? {} : { target: told.target }),
    groups: groups.all,
    attributes: withoutUnstated(attributes),
  }
}

/** The three together are unique (Cloud Logging, LogEntry): one id may stand in several logs. */
function factIdOf({ payload, recordId }: StoredRecord, { scope }: SourceInstance): string {
  const parts = [payload.logName, payload.timestamp, payload.insertId].map(text)
  const isWhole = parts.every((part) => part !== undefined)
  return `google-cloud:${scope}:${isWhole ? parts.join(' ') : `record:${recordId}`}`
}

/** Codes of gRPC: 7 is a lack of permission, 16 of authentication. Without a status a call went well, unless a permission was not granted. */
function outcomeOf(entry: JsonObject, payload: JsonObject): Outcome {
  if (logOf(entry) === 'policy') return 'denied'
  const code = isObject(payload.status) ? payload.status.code : undefined
  if (code === 7 || code === 16) return 'denied'
  if (typeof code === 'number' && code !== 0) return 'failed'
  const refused = list(payload.authorizationInfo).some((one) => isObject(one) && one.granted === false)
  return refused ? 'denied' : 'succeeded'
}

function callAttributes(entry: JsonObject, payload: JsonObject): Activity['attributes'] {
  const permissions = list(payload.authorizationInfo)
    .map((one) => textAt(one, 'permission'))
    .filter((permission) => permission !== undefined)
  const deltas = list(isObject(payload.serviceData) ? (payload.serviceData.policyDelta as JsonObject | undefined)?.bindingDeltas : undefined)
  return {
    operation: text(payload.methodName),
    resource: text(payload.resourceName),
    project: textAt(entry, 'resource.labels.project_id'),
    longRunning: textAt(entry, 'operation.id'),
    permissions: permissions.length === 0 ? undefined : [...new Set(permissions)].sort(),
    changes: deltas.length === 0 ? undefined : deltas.map((one) => `${textAt(one, 'action') ?? ''} ${textAt(one, 'role') ?? ''} ${textAt(one, 'member') ?? ''}`).sort(),
  }
} // prettier-ignore

/** A key of Cloud KMS never leaves it. */
function key({ payload, system }: Context): Told {
  const name = textAt(payload, 'resourceName') ?? textAt(payload, 'request.name')
  const [, container, path] = /^(projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+)\/(cryptoKeys\/[^/]+)/.exec(name ?? '') ?? []
  return container === undefined || path === undefined ? {} : { target: { system, container, containerName: `${container}/`, path } }
} // prettier-ignore
