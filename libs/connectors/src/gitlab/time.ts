import { at, parseInstant, type Instant, type JsonObject } from '@catena/domain'

/** `2026-11-23T04:58:16.922Z`, and as older versions write it: `2026-11-23 04:58:16 UTC`, `… +0200`. */
export function instantOf(value: unknown): Instant | undefined {
  if (typeof value !== 'string') return undefined
  return parseInstant(value.replace(/ UTC$/, 'Z').replace(/ ([+-]\d{2}):?(\d{2})$/, '$1:$2'))
}

export function firstInstant(body: JsonObject, paths: readonly string[]): Instant | undefined {
  for (const path of paths) {
    const instant = instantOf(at(body, path))
    if (instant !== undefined) return instant
  }
  return undefined
}
