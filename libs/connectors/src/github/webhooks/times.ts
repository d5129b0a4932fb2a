import type { Instant, JsonObject } from '@catena/domain'
import { firstInstant } from '../time.js'

/** The moment that a delivery tells of; undefined where the payload carries no stamp of it. */
export type Time = (body: JsonObject, action: string | undefined) => Instant | undefined

export function from(...paths: readonly string[]): Time {
  return (body) => firstInstant(body, paths)
}

/** Stamps of a thing's birth say nothing of its later changes. */
export function fromOnly(actions: readonly string[], ...paths: readonly string[]): Time {
  return (body, action) => (actions.includes(action ?? '') ? firstInstant(body, paths) : undefined)
}

/** `created_at` when the thing was created, `updated_at` later; a deletion leaves no stamp. */
export function lifeOf(thing: string): Time {
  return (body, action) =>
    action === 'deleted'
      ? undefined
      : firstInstant(body, [`${thing}.${action === 'created' ? 'created_at' : 'updated_at'}`])
}

export const never: Time = () => undefined
