import {
  issuerScope,
  makeKey,
  text,
  textAt,
  type Activity,
  type Attributes,
  type KeyGroup,
  type Namespace,
  type SourceInstance,
  type StoredRecord,
} from '@catena/domain'
import { inMergeOrder, keyGroup, withoutUnstated, type GroupDraft } from '../observation.js'
import { isUser, type Entity, type LogEvent } from './event.js'

/** Okta stamps events to the millisecond. */
const RESOLUTION_MS = 1

/** What all readers get. */
export interface Context {
  readonly event: LogEvent
  readonly record: StoredRecord
  readonly source: SourceInstance
}

/** What a reader finds out beyond what every event says. */
export interface Told extends Partial<Pick<Activity, 'kind' | 'target'>> {
  readonly groups?: readonly KeyGroup[]
  readonly attributes?: Attributes
}

/** The group of one value of the organisation; none where the record does not state the value. */
export function groupOf(
  draft: GroupDraft,
  namespace: Namespace,
  value: string | undefined,
  context: Context,
): KeyGroup[] {
  const key = value === undefined ? undefined : makeKey(namespace, systemOf(context.source), value)
  return keyGroup(draft, key, context.record.position)
}

export function systemOf(source: SourceInstance): string {
  return issuerScope('okta', source.scope)
}

/** All keys of one entry name one principal. The login name of a user mostly is an e-mail address, but need not be. */
export function namesOf(
  person: Entity,
  roles: readonly [string, string, string],
  verb: KeyGroup['verb'],
  context: Context,
): KeyGroup[] {
  const [idRole, emailRole, nameRole] = roles
  const name = person.alternateId?.toLowerCase()
  const email = name?.includes('@') === true ? name : undefined
  return [
    ...groupOf({ role: idRole, verb }, 'person', person.id, context),
    ...groupOf({ role: emailRole, verb }, 'person-email', email, context),
    ...groupOf({ role: nameRole, verb }, 'person-name', name, context),
  ]
}

export function describes(person: Entity, context: Context): KeyGroup[] {
  return namesOf(person, ['person', 'email', 'name'], 'describes', context)
}

/** Who acts and through which session. */
export function callerOf(context: Context): KeyGroup[] {
  const { actor, sessionId } = context.event
  return [
    ...groupOf({ role: 'caller', verb: 'presents' }, 'person', isUser(actor) ? actor.id : undefined, context),
    ...groupOf({ role: 'session', verb: 'presents' }, 'idp-session', sessionId, context),
  ]
}

/** Okta shows nothing to nobody: where the actor is no user, or is not told, it does not record who holds what it came with. */
export function originOf({ event }: Context): string | undefined {
  return isUser(event.actor) && event.actor.id !== undefined ? undefined : 'unrecorded'
}

/** Completes what was told. */
export function activityOf(context: Context, kind: Activity['kind'], told: Told): Activity {
  const { event, record, source } = context
  return {
    factId: `okta:${source.scope}:${text(record.payload.uuid) ?? record.recordId}`,
    source: source.id,
    kind: told.kind ?? kind,
    type: record.type,
    occurredAt: record.occurredAt,
    resolutionMs: RESOLUTION_MS,
    outcome: event.outcome,
    ...(told.target === undefined ? {} : { target: told.target }),
    groups: inMergeOrder(told.groups ?? []),
    attributes: kind === 'unclassified' ? {} : withoutUnstated({ ...attributesOf(event), ...told.attributes }),
    conflicts: [],
    positions: [record.position],
  }
}

function attributesOf({ actor, address, debug, payload }: LogEvent): Attributes {
  return {
    callerId: actor.id,
    callerType: actor.type,
    callerName: actor.alternateId,
    address,
    reason: textAt(payload, 'outcome.reason'),
    authMethod: textAt(payload, 'authenticationContext.credentialType'),
    authProvider: textAt(payload, 'authenticationContext.authenticationProvider'),
    mfa: text(debug.factor),
    transactionId: textAt(payload, 'transaction.id'),
    apiTokenId: textAt(payload, 'transaction.detail.requestApiTokenId'),
  }
}
