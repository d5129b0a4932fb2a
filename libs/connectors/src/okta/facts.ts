import {
  issuerScope,
  makeKey,
  text,
  textAt,
  type Activity,
  type Attributes,
  type Json,
  type KeyGroup,
  type Namespace,
  type SourceInstance,
  type StoredRecord,
} from '@catena/domain'
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

type GroupDraft = Omit<KeyGroup, 'forms' | 'trust'> & Partial<Pick<KeyGroup, 'trust'>>

/** The group of one value of the organisation; none where the record does not state the value. */
export function groupOf(
  draft: GroupDraft,
  namespace: Namespace,
  value: string | undefined,
  context: Context,
): KeyGroup[] {
  if (value === undefined) return []
  const key = makeKey(namespace, systemOf(context.source), value)
  return [{ trust: 'verified', ...draft, forms: [{ key, position: context.record.position }] }]
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

/** Completes what was told in the order that `merge` keeps, so that merging an activity with itself changes nothing. */
export function activityOf(context: Context, kind: Activity['kind'], told: Told): Activity {
  const { event, record, source } = context
  const attributes: Record<string, Json> = {}
  const all = kind === 'unclassified' ? {} : { ...attributesOf(event), ...told.attributes }
  for (const [name, value] of Object.entries(all)) if (value !== undefined) attributes[name] = value
  return {
    factId: `okta:${source.scope}:${text(record.payload.uuid) ?? record.recordId}`,
    source: source.id,
    kind: told.kind ?? kind,
    type: record.type,
    occurredAt: record.occurredAt,
    resolutionMs: RESOLUTION_MS,
    outcome: event.outcome,
    ...(told.target === undefined ? {} : { target: told.target }),
    groups: [...(told.groups ?? [])].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1)),
    attributes,
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

function orderOf(group: KeyGroup): string {
  return `${group.role}\u0000${group.verb}\u0000${group.trust}`
}
