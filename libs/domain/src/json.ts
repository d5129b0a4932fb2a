/** A JSON value as `JSON.parse` returns it. */
export type Json = null | boolean | number | string | Json[] | JsonObject
export interface JsonObject {
  [key: string]: Json | undefined
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Paths are written in the code, so few differ; a caller that makes them from data must not fill the memory. */
const PATHS_REMEMBERED = 1_000
const steps = new Map<string, readonly string[]>()

function stepsOf(path: string): readonly string[] {
  const known = steps.get(path)
  if (known !== undefined) return known
  const split = path.split('.')
  if (steps.size < PATHS_REMEMBERED) steps.set(path, split)
  return split
}

/** The member at a dotted path, or undefined where any step is no object. */
export function at(value: unknown, path: string): Json | undefined {
  let current: unknown = value
  for (const step of stepsOf(path)) {
    if (!isObject(current) || !Object.hasOwn(current, step)) return undefined
    current = current[step]
  }
  return current as Json | undefined
}

const DASHES = /^-+$/

/** Empty, or what exporters write where there is nothing: as an id it would make one thing of strangers. */
export function isBlank(value: string): boolean {
  return value === '' || DASHES.test(value)
}

/** A string that says something; numbers become strings, because sources write one id as either. */
export function text(value: unknown): string | undefined {
  if (typeof value === 'string') return isBlank(value) ? undefined : value
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return undefined
}

export function textAt(value: unknown, path: string): string | undefined {
  return text(at(value, path))
}

export function list(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : []
}

/** JSON with the members of every object in code unit order: equal values give equal text. */
export function canonicalJson(value: Json | undefined): string {
  if (value === undefined) return 'null'
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (!isObject(value)) return JSON.stringify(value)
  const members = Object.keys(value)
    .filter((name) => value[name] !== undefined)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name])}`)
  return `{${members.join(',')}}`
}
