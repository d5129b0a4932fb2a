import {
  credentialKey,
  issuerScope,
  list,
  makeKey,
  parseInstant,
  text,
  type Activity,
  type ActivityKind,
  type Attributes,
  type KeyGroup,
  type SourceInstance,
  type StoredRecord,
  type Target,
} from '@catena/domain'
import { inMergeOrder, keyGroup, withoutUnstated } from '../observation.js'
import { textsIn } from '../parsing.js'
import { instantIn, isEvent, receivedAt } from './identify.js'
import { kindOf, meansAll } from './kinds.js'
import { objectOr, readEvent, type AuditEvent } from './record.js'

export function interpretEvent(record: StoredRecord, source: SourceInstance): Activity {
  const common = {
    factId: factIdOf(record, source),
    source: source.id,
    type: record.type,
    occurredAt: receivedAt(record.payload) ?? record.occurredAt,
    resolutionMs: 0,
    conflicts: [],
    positions: [record.position],
  }
  if (!isEvent(record.payload))
    return { ...common, kind: 'unclassified', outcome: 'unknown', groups: [], attributes: {} }
  const event = readEvent(record)
  const kind = kindOf(event)
  const completedAt = instantIn(record.payload.stageTimestamp)
  const target = targetOf(event, source)
  return {
    ...common,
    kind,
    ...(completedAt === undefined ? {} : { completedAt }),
    outcome: event.outcome,
    ...(target === undefined ? {} : { target }),
    groups: kind === 'not-about-access' ? [] : groupsOf(event, kind, target, record, source),
    attributes: withoutUnstated(attributesOf(event, source)),
  }
}

/** A client may choose the id of its request, so the moment of its arrival keeps apart two that chose alike. */
function factIdOf({ payload, recordId }: StoredRecord, { scope }: SourceInstance): string {
  const [id, at] = [text(payload.auditID), text(payload.requestReceivedTimestamp)]
  return `kubernetes:${scope}:${id === undefined || at === undefined ? `record:${recordId}` : `${id}@${at}`}`
}

/** Secrets and tokens, by namespace and name: the record of a read does not tell the uid. */
function targetOf(event: AuditEvent, source: SourceInstance): Target | undefined {
  const { resource, subresource, namespace, name } = event
  const isToken = resource === 'serviceaccounts' && subresource === 'token'
  if (resource !== 'secrets' && !isToken) return undefined
  // The record of a creation's arrival does not know the name yet.
  if (name === undefined && !meansAll(event)) return undefined
  const container = namespace === undefined ? 'cluster' : `namespaces/${namespace}`
  return {
    system: issuerScope(source.kind, source.scope),
    container,
    containerName: `${container}/`,
    path: `${resource}/${name ?? '*'}${isToken ? '/token' : ''}`,
  }
}

function groupsOf(
  event: AuditEvent,
  kind: ActivityKind,
  target: Target | undefined,
  { position }: StoredRecord,
  source: SourceInstance,
): KeyGroup[] {
  const { user, outcome } = event
  const key = (namespace: Parameters<typeof makeKey>[0], value: string | undefined): ReturnType<typeof makeKey> | undefined =>
    value === undefined ? undefined : makeKey(namespace, source.scope, value)
  const groups = [
    ...keyGroup({ role: 'caller', verb: 'presents' }, key('kubernetes-token', tokenOf(event)), position),
    ...callerAtAws(event, position),
    ...keyGroup({ role: 'account', verb: 'presents', sideways: true }, key('kubernetes-account', user.name), position),
    ...keyGroup({ role: 'pod', verb: 'presents', sideways: true }, key('kubernetes-pod', user.podUid), position),
  ]
  if (outcome === 'succeeded' && kind === 'token-created') {
    const issued = key('kubernetes-token', event.issuedCredentialId)
    groups.push(...keyGroup({ role: 'issued', verb: 'establishes', by: 'handover' }, issued, position))
    const account = key('kubernetes-account', accountOf(event))
    if (issued !== undefined) groups.push(...keyGroup({ role: 'issued-account', verb: 'binds' }, account, position))
  }
  const ends = ['secret-written', 'secret-destroyed'].includes(kind) && event.verb !== 'create' && event.name !== undefined
  if (outcome === 'succeeded' && ends && target !== undefined)
    groups.push(...keyGroup({ role: 'slot', verb: 'ends' }, credentialKey(target), position))
  return inMergeOrder(groups)
} // prettier-ignore

/** Key ids and unique ids are AWS's own and never given twice. A token of EKS is a signature by that key, and has no id. */
function callerAtAws({ user: { aws, credentialId } }: AuditEvent, position: number): KeyGroup[] {
  if (aws === undefined || credentialId !== undefined) return []
  const key = (namespace: Parameters<typeof makeKey>[0], value: string | undefined): ReturnType<typeof makeKey> | undefined =>
    value === undefined ? undefined : makeKey(namespace, 'aws', value)
  return [
    ...keyGroup({ role: 'caller', verb: 'presents' }, key('aws-access-key', aws.accessKeyId), position),
    ...keyGroup({ role: 'principal', verb: 'presents', sideways: true }, key('aws-principal', aws.uniqueId), position),
    ...keyGroup({ role: 'principal-name', verb: 'presents', sideways: true }, key('aws-principal-name', aws.arn), position),
  ]
} // prettier-ignore

/**
 * The id of the token or certificate; of a token of the old kind, the Secret that holds it. Before 1.29 only its account is told: whichever
 * of that account's it was.
 */
function tokenOf({ user, legacyAccount, legacySecret }: AuditEvent): string | undefined {
  if (user.credentialId !== undefined || legacyAccount === undefined) return user.credentialId
  const [, namespace] = /^system:serviceaccount:([^:/]{1,63}):/.exec(legacyAccount) ?? []
  const isTold = namespace !== undefined && legacySecret !== undefined
  return isTold ? `secret/${namespace}/${legacySecret}` : `any-of/${legacyAccount}`
}

function accountOf({ namespace, name }: AuditEvent): string | undefined {
  return namespace === undefined || name === undefined ? undefined : `system:serviceaccount:${namespace}:${name}`
}

function attributesOf(event: AuditEvent, source: SourceInstance): Attributes {
  const { user, impersonated, request, response } = event
  const spec = objectOr(request.spec)
  const bound = objectOr(spec.boundObjectRef)
  const role = objectOr(request.roleRef)
  const audiences = textsIn(spec.audiences)
  return {
    address: event.address,
    userAgent: text(event.payload.userAgent),
    displayName: user.name,
    entityId: user.uid,
    podName: user.podName,
    nodeName: user.nodeName,
    role: user.aws?.arn,
    sessionName: user.aws?.sessionName,
    impersonatedUser: impersonated?.name,
    namespace: event.namespace,
    objectName: event.name,
    grantedBy: event.reason === undefined || event.outcome === 'denied' ? undefined : grantsIn(event.reason),
    callerOrigin: originOf(event),
    sharedIdentity: source.sharedIdentities.some((prefix) => user.name?.startsWith(prefix)) ? user.name : undefined,
    dryRun: event.isDryRun ? true : undefined,
    everythingBelow: event.resource === 'secrets' && meansAll(event) ? true : undefined,
    boundTo: text(bound.kind) === undefined ? undefined : `${text(bound.kind) ?? ''}/${text(bound.name) ?? ''}`,
    audiences: audiences.length === 0 ? undefined : audiences.sort(),
    issuedTokenType: event.issuedCredentialId === undefined ? undefined : 'service account',
    issuedUntil: parseInstant(text(objectOr(response.status).expirationTimestamp)),
    roleGranted: text(role.name) === undefined ? undefined : `${text(role.kind) ?? ''}/${text(role.name) ?? ''}`,
    subjects: subjectsOf(event),
  }
}

/** Certificates and tokens of the old kind last; of other requests without an id nothing tells what they came with. */
function originOf({ user, legacyAccount }: AuditEvent): string | undefined {
  if (user.credentialId?.startsWith('JTI=') === true) return undefined
  if (user.credentialId !== undefined || legacyAccount !== undefined) return 'long-lived'
  if (user.aws?.accessKeyId !== undefined) return user.aws.isLongLived ? 'long-lived' : undefined
  return user.name === 'system:anonymous' ? 'unauthenticated' : 'unrecorded'
}

/** `RBAC: allowed by RoleBinding "a/ns" of Role "b" to User "c"`: right as recorded. */
function grantsIn(reason: string): string[] {
  const [, binding, bindingName, role, roleName] =
    /allowed by (\w+) "([^"]{1,200})" of (\w+) "([^"]{1,200})"/.exec(reason) ?? []
  if (binding === undefined || role === undefined) return [reason]
  return [`${binding} ${bindingName ?? ''} of ${role} ${roleName ?? ''}`]
}

function subjectsOf({ request }: AuditEvent): string[] | undefined {
  const named = list(request.subjects).map((subject) => {
    const { kind, namespace, name } = objectOr(subject)
    return [kind, namespace, name]
      .map(text)
      .filter((part) => part !== undefined)
      .join('/')
  })
  return named.length === 0 ? undefined : named.sort()
}
