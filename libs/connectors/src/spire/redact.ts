import type { JsonObject, Mask } from '@catena/domain'
import { allow, keep, only, redactBy, shaped } from '../redaction.js'
import { methodOf } from './methods.js'

/** What the server writes there itself: an id, no address of a web page with who knows what behind it. */
const SPIFFE_ID = shaped(/^spiffe:\/\/[a-z0-9._-]{1,255}(?:\/[\w.-]{1,255}){0,20}$/)
/** Decimal, or hex in pairs. */
const SERIAL = shaped(/^(?:\d{1,50}|[0-9a-f]{2}(?::[0-9a-f]{2}){1,25})$/i)

const CALL = allow(
  only({
    ...keep('type', 'time', 'level', 'request_id', 'service', 'method', 'subsystem_name', 'status', 'status_code'),
    ...keep('caller_addr', 'caller_uid', 'caller_gid', 'authorized_as', 'authorized_via', 'registration_id', 'entry_id'),
    ...keep('expires_at', 'expiration', 'ttl', 'node_attestor_type', 'agent_type', 'admin', 'downstream', 'x509_svid_ttl'),
    revision_number: 'number',
    caller_path: 'path',
    caller_id: SPIFFE_ID,
    spiffe_id: SPIFFE_ID,
    parent_id: SPIFFE_ID,
    agent_id: SPIFFE_ID,
    serial_num: SERIAL,
    serial_number: SERIAL,
    msg: shaped(/^(?:API accessed|Signed (?:X509|JWT) SVID)$/),
  }),
) // prettier-ignore

const LINE = allow(only(keep('time', 'level', 'subsystem_name')))
const UNKNOWN = allow(only(keep('time', 'level')))

/** Join tokens, selectors, requests for certificates, audiences and messages are left out. */
export function redactLine(record: JsonObject, mask: Mask): JsonObject {
  const method = methodOf(record)
  return redactBy(method === undefined ? UNKNOWN : method.concern === 'aside' ? LINE : CALL, record, mask)
}
