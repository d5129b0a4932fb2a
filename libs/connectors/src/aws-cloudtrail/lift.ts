import type { JsonObject } from '@catena/domain'
import { namesOf } from './identify.js'

/** Redaction version 1 kept no token of an update, so that none of its records tells whether one named a new value. */
export function withoutKnownToken(payload: JsonObject): JsonObject {
  const names = namesOf(payload)
  if (names?.service !== 'secretsmanager' || names.name !== 'UpdateSecret') return payload
  return { ...payload, tokenUnknown: true }
}
