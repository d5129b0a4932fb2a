import { at, isObject, list, text, textAt, type JsonObject, type Outcome, type StoredRecord } from '@catena/domain'
import { named } from '../parsing.js'

/** Person, application, group… that acts or is acted upon. */
export interface Entity {
  readonly id: string | undefined
  readonly type: string | undefined
  readonly alternateId: string | undefined
  readonly displayName: string | undefined
}

/** A LogEvent as far as it is read. */
export interface LogEvent {
  readonly type: string
  readonly actor: Entity
  readonly targets: readonly Entity[]
  readonly sessionId: string | undefined
  readonly address: string | undefined
  readonly outcome: Outcome
  readonly result: string | undefined
  readonly debug: JsonObject
  readonly payload: JsonObject
}

export function readEvent({ type, payload }: StoredRecord): LogEvent {
  const debug = at(payload, 'debugContext.debugData')
  const result = textAt(payload, 'outcome.result')
  return {
    type,
    payload,
    result,
    actor: entityOf(payload.actor),
    targets: list(payload.target).map(entityOf),
    sessionId: named(textAt(payload, 'authenticationContext.externalSessionId')),
    address: textAt(payload, 'client.ipAddress'),
    outcome: outcomeOf(type, result),
    debug: isObject(debug) ? debug : {},
  }
}

function entityOf(value: unknown): Entity {
  const entity = isObject(value) ? value : {}
  return {
    id: named(entity.id),
    type: text(entity.type),
    alternateId: named(entity.alternateId),
    displayName: known(text(entity.displayName)),
  }
}

/** Okta writes `unknown` for what it does not know. A name of a thing may be any other word. */
function known(value: string | undefined): string | undefined {
  return value?.toLowerCase() === 'unknown' ? undefined : value
}

/** Events that report a refusal, and so tell of something that did happen: a lock says `FAILURE`, `LOCKED_OUT`. */
const REPORTS_REFUSAL = /^user\.account\.lock/

function outcomeOf(type: string, result: string | undefined): Outcome {
  if (REPORTS_REFUSAL.test(type)) return 'succeeded'
  switch (result) {
    case 'SUCCESS':
    case 'ALLOW':
      return 'succeeded'
    case 'DENY':
      return 'denied'
    case 'FAILURE':
      return /^user\.(?:session|authentication)\./.test(type) ? 'denied' : 'failed'
    case 'CHALLENGE':
      return type.startsWith('policy.evaluate') ? 'succeeded' : 'unknown'
    case 'ABANDONED':
    case 'UNANSWERED':
      return 'failed'
    default:
      return 'unknown'
  }
}

export function isUser(entity: Entity): boolean {
  return entity.type === 'User'
}

export function targetOf(event: LogEvent, type: string): Entity | undefined {
  return event.targets.find((target) => target.type === type)
}
