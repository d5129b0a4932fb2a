import { at, parseInstant, type Instant, type JsonObject } from '@catena/domain'

/** GitHub writes some stamps as Unix seconds; as milliseconds no stamp of GitHub's lifetime is this small. */
const SECONDS_BELOW = 100_000_000_000

/** RFC 3339, Unix seconds or milliseconds, as number or digits; undefined for anything else. */
export function instantOf(value: unknown): Instant | undefined {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  if (typeof number !== 'number') return parseInstant(value)
  if (!Number.isFinite(number) || number <= 0) return undefined
  return number < SECONDS_BELOW ? number * 1000 : number
}

export function instantAt(body: JsonObject, path: string): Instant | undefined {
  return instantOf(at(body, path))
}

/** The first path that holds a time. */
export function firstInstant(body: JsonObject, paths: readonly string[]): Instant | undefined {
  for (const path of paths) {
    const instant = instantAt(body, path)
    if (instant !== undefined) return instant
  }
  return undefined
}
