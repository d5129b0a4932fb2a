import {
  isObject,
  issuerScope,
  list,
  makeKey,
  text,
  type Activity,
  type Attributes,
  type Federation,
  type Key,
  type KeyGroup,
  type Namespace,
  type SourceInstance,
  type StoredRecord,
} from '@catena/domain'
import { inMergeOrder, keyGroup, withoutUnstated } from '../observation.js'
import { groupIn, patchedGroup, patchedUser, userIn, type GroupChange, type UserChange } from './changes.js'
import { identifyScim } from './identify.js'

/** What the endpoint was told counts from when it was told. */
export function interpretScim(record: StoredRecord, source: SourceInstance): Activity {
  const told = tell(record, source)
  return {
    factId: `scim:${source.scope}:${record.recordId}`,
    source: source.id,
    kind: told?.kind ?? 'unclassified',
    type: record.type,
    occurredAt: record.occurredAt,
    resolutionMs: 0,
    outcome: told === undefined ? 'unknown' : 'succeeded',
    groups: inMergeOrder(told?.groups ?? []),
    attributes: withoutUnstated(told?.attributes ?? {}),
    conflicts: [],
    positions: [record.position],
  }
}

function tell(record: StoredRecord, source: SourceInstance): Told | undefined {
  const { id, resourceType } = record.payload
  const resource = text(id)
  if (resource === undefined || !identifyScim(record.payload).known) return undefined
  return resourceType === 'User' ? user(record, source, resource) : group(record, source, resource)
}

interface Told {
  readonly kind: Activity['kind']
  readonly groups: KeyGroup[]
  readonly attributes: Attributes
}

function user({ payload, position }: StoredRecord, source: SourceInstance, id: string): Told {
  const operation = text(payload.operation)
  const change =
    operation === 'patch'
      ? patchedUser(list(payload.operations ?? []))
      : userIn(isObject(payload.body) ? payload.body : {}, operation === 'replace')
  const key = keysOf(source, position)
  const same = elsewhere(change, source)
  return {
    kind: 'person-observed',
    groups: [
      ...key('person', 'describes', 'person', id),
      ...key('name', 'describes', 'person-name', change.userName?.toLowerCase()),
      ...key('email', 'describes', 'person-email', change.email?.toLowerCase()),
      ...(same ?? []).flatMap((other) => keyGroup({ role: `same-${other}`, verb: 'relates' }, other, position)),
    ],
    attributes: {
      ...attributesOf(change, source),
      userId: id,
      sameAs: same,
      created: operation === 'create' ? true : undefined,
      deleted: operation === 'delete' ? true : undefined,
    },
  }
}

/**
 * The user at the provider whose id the client sends as externalId, where the operator declares which provider that is. undefined: nothing
 * is declared or stated; none: the client took it back.
 */
function elsewhere({ externalId }: UserChange, { federations }: SourceInstance): Key[] | undefined {
  const federation = federations.find(({ mount, claims }) => mount === EXTERNAL_ID && isById(claims))
  if (federation === undefined || externalId === undefined) return undefined
  const { kind, scope } = federation.issuer
  // Ids of Entra are written in either case.
  const id = kind === 'entra' ? externalId?.toLowerCase() : externalId
  const key = id == null ? undefined : makeKey('person', issuerScope(kind, scope), id)
  return key === undefined ? [] : [key]
}

/** Only ids that never change hands: an e-mail address in externalId joins nobody. */
function isById({ sub, oid }: Federation['claims']): boolean {
  return sub === 'externalId' || oid === 'externalId'
}

const EXTERNAL_ID = 'externalId/'

function attributesOf(change: UserChange, source: SourceInstance): Attributes {
  const { manager } = change
  return {
    username: change.userName,
    email: change.email,
    displayName: change.displayName,
    title: change.title,
    department: change.department,
    externalId: change.externalId,
    enabled: change.active,
    manager: typeof manager === 'string' ? makeKey('person', systemOf(source), manager) : manager,
  }
}

function group({ payload, position }: StoredRecord, source: SourceInstance, id: string): Told {
  const operation = text(payload.operation)
  const change: GroupChange =
    operation === 'patch'
      ? patchedGroup(list(payload.operations ?? []))
      : { ...groupIn(isObject(payload.body) ? payload.body : {}), isWhole: operation !== 'delete' }
  const key = keysOf(source, position)
  return {
    kind: 'membership-changed',
    groups: [
      ...key('group', 'relates', 'group', id),
      ...key('group-name', 'relates', 'group-name', change.displayName?.toLowerCase()),
      ...change.members.flatMap((member) => key(`member-${member}`, 'relates', 'person', member)),
      ...change.removed.flatMap((member) => key(`removed-${member}`, 'relates', 'person', member)),
    ],
    attributes: {
      groupId: id,
      groupName: change.displayName,
      allMembers: change.isWhole ? true : undefined,
      groupDeleted: operation === 'delete' ? true : undefined,
    },
  }
}

function systemOf(source: SourceInstance): string {
  return issuerScope('scim', source.scope)
}

function keysOf(source: SourceInstance, position: number) {
  return (role: string, verb: KeyGroup['verb'], namespace: Namespace, value: string | undefined): KeyGroup[] =>
    keyGroup({ role, verb }, value === undefined ? undefined : makeKey(namespace, systemOf(source), value), position)
}
