import { text, type ActivityKind, type JsonObject } from '@catena/domain'
import { looksSecret } from '../redaction.js'

export type Concern = 'usage' | 'sign-in' | 'audit'

export interface EventType {
  readonly concern: Concern
  readonly kind: ActivityKind
  /** `item-usage reveal`, `sign-in credentials_ok`, `audit grant uva` */
  readonly name: string
}

/** What yields the secret itself; the others show that an item was looked at, or moved. */
const RETRIEVALS = new Set(
  'fill sso-fill copy reveal secure-copy export share enter-item-edit-mode server-fetch'.split(' '),
)

/** Items written through the clients. */
const WRITES = new Set('server-create server-update'.split(' '))

const NAME = /^[a-z][a-z0-9_-]{0,60}$/

/** Of the three feeds each record has members of its own. undefined: none of them, or an action with an unread name. */
export function eventTypeOf(record: JsonObject): EventType | undefined {
  if (text(record.uuid) === undefined) return undefined
  if (text(record.item_uuid) !== undefined) return usageType(nameIn(record.action))
  if (text(record.category) !== undefined && text(record.session_uuid) !== undefined) {
    const type = nameIn(record.type)
    return type === undefined ? undefined : { concern: 'sign-in', kind: 'login', name: `sign-in ${type}` }
  }
  const [action, object] = [nameIn(record.action), nameIn(record.object_type)]
  if (action === undefined || object === undefined) return undefined
  return { concern: 'audit', kind: auditKind(action, object), name: `audit ${action} ${object}` }
}

/** Old clients send no action: then nobody can say whether it was shown. */
function usageType(action: string | undefined): EventType {
  const name = `item-usage ${action ?? 'unstated'}`
  if (action !== undefined && WRITES.has(action)) return { concern: 'usage', kind: 'secret-written', name }
  const isRetrieval = action === undefined || RETRIEVALS.has(action)
  return { concern: 'usage', kind: isRetrieval ? 'secret-read' : 'operation', name }
}

/** Objects of the audit feed by their short names: vault access of users and groups, users, groups, items, service accounts … */
const OBJECTS: readonly (readonly [RegExp, ActivityKind])[] = [
  [/^(?:uva|gva|gm|sua)$/, 'membership-changed'],
  [/^(?:user|invite|delgsess|plan|template)$/, 'person-observed'],
  [/^(?:item|items|itemhist|file|vaultkey)$/, 'secret-written'],
  [/^(?:device|mfa|dlgdsess|sso|ec|cred|slackapp|satoken|provtoken|ssotkn)$/, 'credential-changed'],
]

function auditKind(action: string, object: string): ActivityKind {
  if (object === 'item' || object === 'items') return /delete|purge|trash/.test(action) ? 'secret-deleted' : 'configuration-changed'
  return OBJECTS.find(([pattern]) => pattern.test(object))?.[1] ?? 'configuration-changed'
} // prettier-ignore

/** Types stand in clear in a column, so nothing but a name may pass as part of one. */
function nameIn(value: unknown): string | undefined {
  const name = text(value)
  return name !== undefined && NAME.test(name) && !looksSecret(name) ? name : undefined
}
