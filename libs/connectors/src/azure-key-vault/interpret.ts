import {
  credentialKey,
  issuerScope,
  text,
  textAt,
  type Activity,
  type Attributes,
  type JsonObject,
  type SourceInstance,
  type StoredRecord,
} from '@catena/domain'
import { presentedClaims } from '../federated-claims.js'
import { KeyGroups } from '../key-groups.js'
import { withoutUnstated } from '../observation.js'
import { isAside, operationOf, type Operation } from './identify.js'
import { callerOf, isUnauthenticated, outcomeOf, targetOf, versionOf, type Caller } from './record.js'

/** Ids that Microsoft gives are never given twice, in whichever tenant or service they are seen. */
const MICROSOFT = 'microsoft'

/** The mount of a federation: the identities of one tenant. */
const TENANT_MOUNT = 'login.microsoftonline.com/'

const RESOLUTION_MS = 1

export function interpretKeyVault(record: StoredRecord, source: SourceInstance): Activity {
  const { payload } = record
  const operation = operationOf(payload)
  const common = {
    factId: factIdOf(record, operation, source),
    source: source.id,
    type: record.type,
    occurredAt: record.occurredAt,
    resolutionMs: RESOLUTION_MS,
    conflicts: [],
    positions: [record.position],
  }
  const { kind } = operation ?? {}
  if (operation === undefined || kind === undefined || kind === 'not-about-access') {
    const isKnown = kind === 'not-about-access' || isAside(payload)
    return { ...common, kind: isKnown ? 'not-about-access' : 'unclassified', outcome: 'unknown', groups: [], attributes: {} }
  }
  const target = targetOf(payload, source)
  const activity = { ...common, kind: isChallenge(payload) ? ('login-started' as const) : kind, outcome: outcomeOf(payload) }
  return {
    ...activity,
    ...(target === undefined ? {} : { target }),
    groups: groupsOf(record, activity, target, source),
    attributes: withoutUnstated(attributesOf(payload, operation, source)),
  }
} // prettier-ignore

/** A client asks without a token first, to be told where to get one. */
function isChallenge(payload: JsonObject): boolean {
  const { oid, appId, tokenId } = callerOf(payload)
  return outcomeOf(payload) === 'denied' && oid === undefined && appId === undefined && tokenId === undefined
}

/** Requests have no id: their correlation id is the client's. Of a call the resource manager writes several records under one id of its own. */
function factIdOf({ payload, recordId }: StoredRecord, operation: Operation | undefined, { scope }: SourceInstance): string {
  const correlation = text(payload.correlationId)
  const resource = text(payload.resourceId)?.toLowerCase()
  const isCall = operation?.stream === 'activity' && correlation !== undefined && resource !== undefined
  const id = isCall ? `activity:${correlation}:${operation.name}:${resource}` : `record:${recordId}`
  return `azure-key-vault:${scope}:${id}`
} // prettier-ignore

function groupsOf(
  { payload, position }: StoredRecord,
  { kind, outcome }: Pick<Activity, 'kind' | 'outcome'>,
  target: Activity['target'],
  source: SourceInstance,
): Activity['groups'] {
  const groups = new KeyGroups(issuerScope(source.kind, source.scope), position)
  const caller = callerOf(payload)
  groups.present('caller', 'entra-token', caller.tokenId, MICROSOFT)
  groups.mention('principal', 'entra-principal', caller.oid, MICROSOFT)
  presentPerson(groups, caller, source, position)
  const changesSlot = ['secret-written', 'secret-deleted', 'secret-destroyed', 'secret-restored'].includes(kind)
  if (changesSlot && outcome === 'succeeded' && target !== undefined && credentialKey(target) !== undefined) groups.endSlot(target)
  return groups.all
} // prettier-ignore

/** Whose token it was, where the operator says which tenant it comes from. A service principal's id names no person. */
function presentPerson(groups: KeyGroups, caller: Caller, source: SourceInstance, position: number): void {
  const federation = federationOf(source, caller)
  if (federation === undefined) return
  const fields: Readonly<Record<string, string | undefined>> = { oid: caller.oid, upn: caller.upn }
  for (const group of presentedClaims(federation, (field) => fields[field], position)) groups.put(group)
}

function federationOf(source: SourceInstance, { isApplication, oid }: Caller): SourceInstance['federations'][number] | undefined {
  return isApplication || oid === undefined ? undefined : source.federations.find(({ mount }) => mount === TENANT_MOUNT)
} // prettier-ignore

function attributesOf(payload: JsonObject, operation: Operation, source: SourceInstance): Attributes {
  const caller = callerOf(payload)
  const federation = federationOf(source, caller)
  const names = [caller.upn, caller.appId, caller.oid].filter((name) => name !== undefined)
  return {
    operation: operation.name,
    address: addressOf(text(payload.callerIpAddress)),
    userAgent: textAt(payload, 'properties.clientInfo'),
    correlationId: text(payload.correlationId),
    displayName: caller.upn ?? caller.appId ?? caller.oid,
    entityId: caller.oid,
    applicationId: caller.appId,
    callerResource: caller.resource,
    tokenId: caller.tokenId,
    callerOrigin: callerOriginOf(payload, caller),
    sharedIdentity: names.find((name) => source.sharedIdentities.some((prefix) => name.startsWith(prefix))),
    versionId: versionOf(payload),
    grantedBy: grantsIn(payload),
    ...(federation === undefined
      ? {}
      : {
          mountPoint: federation.mount,
          origin: 'federated',
          issuer: issuerScope(federation.issuer.kind, federation.issuer.scope),
          // The token says through which application it was obtained.
          issuerClient: federation.client ?? caller.appId,
          sessionMaxMs: federation.sessionMaxMs,
        }),
  }
}

/** A request that was served came with a token, whether or not the record tells whose. */
function callerOriginOf(payload: JsonObject, { tokenId, oid, appId }: Caller): string | undefined {
  if (tokenId !== undefined) return undefined
  return oid === undefined && appId === undefined && isUnauthenticated(payload) ? 'unauthenticated' : 'unrecorded'
}

/** With the port, where the log writes one. */
function addressOf(address: string | undefined): string | undefined {
  return address?.replace(/^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/, '$1')
}

/** By which assignment or policy the vault says it allowed the request. */
function grantsIn(payload: JsonObject): string[] | undefined {
  const assignment = textAt(payload, 'properties.appliedAssignmentId')
  const { isAccessPolicyMatch } = (payload.properties ?? {}) as JsonObject
  const role = textAt(payload, 'identity.authorization.evidence.role')
  if (outcomeOf(payload) === 'denied') return undefined
  if (assignment !== undefined) return [`role assignment ${assignment}`]
  if (isAccessPolicyMatch === true) return ['access policy']
  return role === undefined ? undefined : [`role ${role}`]
}
