import type { JsonObject, Mask } from '@catena/domain'
import { allow, keep, only, redactBy, type RuleLiteral } from '../redaction.js'
import { eventTypeOf, type Concern } from './event-types.js'

const PERSON = only(keep('uuid', 'name', 'email'))
const CLIENT = only(keep('app_name', 'app_version', 'platform_name', 'os_name', 'ip_address'))
const ENVELOPE: RuleLiteral = keep('uuid', 'timestamp')

const RULES = {
  usage: allow(only({ ...ENVELOPE, ...keep('item_uuid', 'vault_uuid', 'action'), used_version: 'number', user: PERSON, client: CLIENT })),
  'sign-in': allow(only({ ...ENVELOPE, ...keep('session_uuid', 'category', 'type', 'country'), target_user: PERSON, client: CLIENT })),
  audit: allow(
    only({
      ...ENVELOPE,
      ...keep('actor_uuid', 'action', 'object_type', 'object_uuid', 'aux_uuid', 'actor_type', 'account_uuid'),
      aux_id: 'number',
      actor_details: PERSON,
      object_details: PERSON,
      aux_details: PERSON,
      session: only(keep('uuid', 'login_time', 'device_uuid', 'ip')),
    }),
  ),
} satisfies Record<Concern, unknown> // prettier-ignore

const UNKNOWN = allow(only(ENVELOPE))

/** Details of a sign-in (which value was wrong), location and `aux_info` are left out. */
export function redactEvent(record: JsonObject, mask: Mask): JsonObject {
  const type = eventTypeOf(record)
  return redactBy(type === undefined ? UNKNOWN : RULES[type.concern], record, mask)
}
