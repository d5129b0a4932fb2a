import type { JsonObject } from '@catena/domain'
import { inferEvent } from './infer-event.js'
import { WEBHOOKS } from './webhooks/events.js'

/** Members of payloads that lack a member of their own; redaction takes some of them, so what is stored is not told by these. */
const SIGNS: ReadonlyMap<string, (body: JsonObject) => boolean> = new Map([
  ['ping', ({ zen, hook_id: hook }) => zen !== undefined && hook !== undefined],
  ['meta', ({ action, hook, hook_id: id }) => action === 'deleted' && hook !== undefined && id !== undefined],
  ['create', ({ ref, ref_type: type, master_branch: branch }) => isNamed(ref, type) && branch !== undefined],
  ['delete', ({ ref, ref_type: type, master_branch: branch }) => isNamed(ref, type) && branch === undefined],
  ['public', (body) => body.repository !== undefined && Object.keys(body).every((member) => PLACES.has(member))],
])
const PLACES = new Set(['repository', 'organization', 'enterprise', 'sender', 'installation'])

/** Events that nobody has read yet, and that carry the main member of one that somebody has (GitHub Docs, "Webhook events and payloads"). */
const ALSO_CARRIES: ReadonlyMap<string, string> = new Map([['deployment_protection_rule', 'deployment']])

/**
 * Can a body with these members not be of the event that its header names? The header is not signed: whoever holds a signed body can send
 * it under any name, and a run must not become an approval by that.
 */
export function contradicts(event: string, body: JsonObject): boolean {
  const sign = SIGNS.get(event)
  if (sign !== undefined) return !sign(body)
  const told = inferEvent(body) ?? [...SIGNS].find(([, isSo]) => isSo(body))?.[0]
  return told === undefined ? WEBHOOKS.has(event) : told !== event && told !== ALSO_CARRIES.get(event)
}

function isNamed(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === 'string')
}
