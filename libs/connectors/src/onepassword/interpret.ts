import {
  issuerScope,
  text,
  type Activity,
  type Attributes,
  type JsonObject,
  type Outcome,
  type SourceInstance,
  type StoredRecord,
  type Target,
} from '@catena/domain'
import { KeyGroups } from '../key-groups.js'
import { withoutUnstated } from '../observation.js'
import { named, objectOr } from '../parsing.js'
import { eventTypeOf, type Concern, type EventType } from './event-types.js'
import { presentSignIn, signInAttributes } from './sign-in.js'

interface Told {
  readonly target?: Target | undefined
  readonly outcome?: Outcome
  readonly attributes: Attributes
}

type Reader = (payload: JsonObject, groups: KeyGroups, source: SourceInstance, type: EventType) => Told

const READERS: Readonly<Record<Concern, Reader>> = { usage, 'sign-in': signIn, audit }

export function interpretEvent(record: StoredRecord, source: SourceInstance): Activity {
  const { payload } = record
  const type = eventTypeOf(payload)
  const common = {
    factId: `onepassword:${source.scope}:${text(payload.uuid) ?? `record:${record.recordId}`}`,
    source: source.id,
    type: record.type,
    occurredAt: record.occurredAt,
    resolutionMs: 1000,
    conflicts: [],
    positions: [record.position],
  }
  if (type === undefined) return { ...common, kind: 'unclassified', outcome: 'unknown', groups: [], attributes: {} }
  const groups = new KeyGroups(issuerScope(source.kind, source.scope), record.position)
  const told = READERS[type.concern](payload, groups, source, type)
  return {
    ...common,
    kind: type.kind,
    outcome: told.outcome ?? 'succeeded',
    ...(told.target === undefined ? {} : { target: told.target }),
    groups: groups.all,
    attributes: withoutUnstated(told.attributes),
  }
}

/** An item was used. The feed names who, and by which version of the item, but no session. */
function usage(payload: JsonObject, groups: KeyGroups, source: SourceInstance, { kind }: EventType): Told {
  const user = objectOr(payload.user)
  const version = typeof payload.used_version === 'number' ? payload.used_version : undefined
  const [vault, item] = [text(payload.vault_uuid), text(payload.item_uuid)]
  const target: Target | undefined =
    vault === undefined || item === undefined
      ? undefined
      : {
          system: issuerScope(source.kind, source.scope),
          container: vault,
          containerName: `${vault}/`,
          path: item,
          ...(version === undefined ? {} : { version }),
        }
  groups.present('caller', 'account', named(user.uuid))
  if (kind === 'secret-written') groups.endSlot(target)
  return {
    target,
    attributes: {
      ...who(user, payload, source),
      action: text(payload.action),
      version,
      callerOrigin: originOf(groups),
    },
  }
}

/** 1Password serves nobody whom it does not know, whether or not a record names them. */
function originOf(groups: KeyGroups): string | undefined {
  return groups.has('caller') ? undefined : 'unrecorded'
}

/** A firewall rule that reports lets people in; one that denies is a failure. */
const SIGNED_IN = new Set(['success', 'firewall_reported_success'])

function signInOutcome(category: string): Outcome {
  if (SIGNED_IN.has(category)) return 'succeeded'
  return category.endsWith('_failed') ? 'denied' : 'unknown'
}

function signIn(payload: JsonObject, groups: KeyGroups, source: SourceInstance): Told {
  const outcome = signInOutcome(text(payload.category) ?? '')
  if (outcome === 'succeeded') presentSignIn(groups, payload, source)
  const user = objectOr(payload.target_user)
  return { outcome, attributes: { ...who(user, payload, source), ...signInAttributes(payload, outcome, source) } }
}

/** Administration: the record names the session that it was done in. */
function audit(payload: JsonObject, groups: KeyGroups, source: SourceInstance): Told {
  const session = objectOr(payload.session)
  const actor = objectOr(payload.actor_details)
  const [id, uuid] = [named(session.uuid), named(payload.actor_uuid)]
  if (id === undefined) groups.present('caller', 'account', uuid)
  else groups.present('caller', 'system-session', id)
  groups.mention('account', 'account', uuid)
  return {
    attributes: {
      ...who({ uuid: payload.actor_uuid, ...actor }, payload, source),
      address: text(session.ip),
      action: text(payload.action),
      objectType: text(payload.object_type),
      objectId: text(payload.object_uuid),
      otherId: text(payload.aux_uuid),
      affectedUser: text(objectOr(payload.object_details).email) ?? text(objectOr(payload.aux_details).email),
      callerType: text(payload.actor_type),
      callerOrigin: originOf(groups),
    },
  }
}

function who(user: JsonObject, payload: JsonObject, source: SourceInstance): Attributes {
  const client = objectOr(payload.client)
  const name = named(user.email) ?? named(user.name) ?? named(user.uuid)
  return {
    displayName: name,
    entityId: named(user.uuid),
    address: text(client.ip_address),
    userAgent: text(client.app_name),
    sharedIdentity: source.sharedIdentities.some((prefix) => name?.startsWith(prefix)) ? name : undefined,
  }
}
