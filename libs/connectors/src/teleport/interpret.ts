import {
  issuerScope,
  text,
  type Activity,
  type JsonObject,
  type Outcome,
  type SourceInstance,
  type StoredRecord,
} from '@catena/domain'
import { KeyGroups } from '../key-groups.js'
import { withoutUnstated } from '../observation.js'
import { named } from '../parsing.js'
import { change, svid, user } from './changes.js'
import type { Concern } from './event-types.js'
import { typeOf } from './identify.js'
import { certificate, login } from './logins.js'
import { request } from './requests.js'
import { inside, session, sessionEnd } from './sessions.js'
import type { Context, Told } from './told.js'

const READERS: Readonly<Record<Concern, (context: Context) => Told>> = {
  login,
  certificate,
  session,
  'session-end': sessionEnd,
  inside,
  request,
  user,
  change,
  svid,
  aside: () => ({}),
}

export function interpretEvent(record: StoredRecord, source: SourceInstance): Activity {
  const { payload } = record
  const type = typeOf(payload)
  const common = {
    factId: `teleport:${source.scope}:${text(payload.uid) ?? `record:${record.recordId}`}`,
    source: source.id,
    type: record.type,
    occurredAt: record.occurredAt,
    resolutionMs: 1,
    conflicts: [],
    positions: [record.position],
  }
  if (type === undefined) return { ...common, kind: 'unclassified', outcome: 'unknown', groups: [], attributes: {} }
  const groups = new KeyGroups(issuerScope(source.kind, source.scope), record.position)
  const outcome = outcomeOf(payload)
  const told = READERS[type.concern]({ event: record.type, payload, groups, source, outcome })
  return {
    ...common,
    kind: type.kind,
    outcome,
    ...(told.target === undefined ? {} : { target: told.target }),
    groups: groups.all,
    attributes: type.concern === 'aside' ? {} : withoutUnstated({ ...attributesOf(payload, source), ...told.attributes, callerOrigin: originOf(groups, type.concern) }),
  }
} // prettier-ignore

/** These begin or end what others come through, or tell of a decision. */
const WITHOUT_CALLER: ReadonlySet<Concern> = new Set(['login', 'session-end', 'request'])

/** Teleport serves nobody whom it does not know, whether or not an event names them. */
function originOf(groups: KeyGroups, concern: Concern): string | undefined {
  return groups.has('caller') || WITHOUT_CALLER.has(concern) ? undefined : 'unrecorded'
}

/** `success` where an event has it, else the last letter of its code: information, warning, error. */
function outcomeOf({ success, code, event }: JsonObject): Outcome {
  if (event === 'session.rejected') return 'denied'
  const letter = text(code)?.slice(-1).toUpperCase()
  const refused = typeof success === 'boolean' ? !success : letter === 'W' || letter === 'E'
  if (!refused) return letter === 'I' || success === true ? 'succeeded' : 'unknown'
  return letter === 'E' ? 'failed' : 'denied'
}

/** `192.0.2.7:51234`, `[2001:db8::7]:51234` */
const ADDRESS = /^\[?([0-9a-fA-F.:]+?)\]?(?::\d{1,5})?$/

function attributesOf(payload: JsonObject, source: SourceInstance) {
  const address = text(payload['addr.remote']) ?? text(payload.addr_remote) ?? text(payload.client_ip)
  const user = named(payload.user)
  return {
    address: ADDRESS.exec(address ?? '')?.[1],
    displayName: user,
    impersonator: text(payload.impersonator),
    sharedIdentity: source.sharedIdentities.some((prefix) => user?.startsWith(prefix)) ? user : undefined,
    code: text(payload.code),
  }
}
