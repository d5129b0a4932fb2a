import { isBlank, type Json, type JsonObject, type Mask } from '@catena/domain'
import { looksSecret, withoutSecretSegments } from './redaction-shapes.js'

export { looksSecret, withoutSecretSegments } from './redaction-shapes.js'

/**
 * What may be stored of a value.
 * - `keep`: a scalar in clear, unless it has the shape of a secret or is very long
 * - `path`: the same, but only the segments are masked that have such a shape
 * - `number`: a number in clear; anything else is left out
 * - `mask`: its keyed HMAC (equality survives); what no rule names is masked
 * - `drop`: left out altogether, names of members included
 * - `hashed`: kept where the source has hashed it already, else masked
 * - `shaped(pattern)`: kept where it matches, also a number, else masked
 * - `each(rule)`: an object with free member names; `embedded(rule)`: JSON inside a string
 * - an object: a rule per member name, `*` for the members it does not name (default: `mask`)
 * A rule applies to every element of an array. An empty text, or one of dashes alone, says nothing and is no value to mask.
 */
export type Rule = 'keep' | 'path' | 'number' | 'mask' | 'hashed' | 'drop' | Shaped | Each | Embedded | Members
interface Shaped {
  readonly shaped: RegExp
}
interface Each {
  readonly each: Rule
}
interface Embedded {
  readonly embedded: Rule
}
interface Members {
  readonly members: ReadonlyMap<string, Rule>
}
export interface RuleLiteral {
  readonly [member: string]: Rule | RuleLiteral
}

/** `pattern` has no flag `g` and is anchored at both ends. */
export function shaped(pattern: RegExp): Rule {
  return { shaped: pattern }
}

export function each(rule: Rule | RuleLiteral): Rule {
  return { each: compile(rule) }
}

export function embedded(rule: Rule | RuleLiteral): Rule {
  return { embedded: compile(rule) }
}

/** Turns a literal of nested member rules into a rule. */
export function allow(literal: RuleLiteral): Rule {
  return { members: new Map(Object.entries(literal).map(([name, rule]) => [name, compile(rule)])) }
}

function compile(rule: Rule | RuleLiteral): Rule {
  if (typeof rule === 'string') return rule
  if (isCompiled(rule)) return rule
  return allow(rule)
}

function isCompiled(rule: Exclude<Rule, string> | RuleLiteral): rule is Exclude<Rule, string> {
  if ('members' in rule && rule.members instanceof Map) return true
  return 'each' in rule || 'embedded' in rule || ('shaped' in rule && rule.shaped instanceof RegExp)
}

/** These members stay in clear. */
export function keep(...names: readonly string[]): RuleLiteral {
  return Object.fromEntries(names.map((name) => [name, 'keep' as const]))
}

/** These members and no others. */
export function only(literal: RuleLiteral): RuleLiteral {
  return { '*': 'drop', ...literal }
}

/** HMACs that Vault and OpenBao write in place of values, salted per audit device. */
const VENDOR_HASH_PREFIX = 'hmac-sha256:'
const VENDOR_HASH = /^hmac-sha256:[0-9a-f]{64}$/

export function isVendorHash(value: string): boolean {
  return value.length === 76 && value.startsWith(VENDOR_HASH_PREFIX) && VENDOR_HASH.test(value)
}

/** Member names are kept only where they read as names: people do type secrets into keys. */
const NAME = /^[A-Za-z_@$][\w@$.:/ -]{0,79}$/

/** Deepest nesting that is stored; what lies below is dropped, so that no record can exhaust the stack. */
export const DEPTH_MAX = 40

export function redactBy(rule: Rule, record: JsonObject, mask: Mask): JsonObject {
  return (apply(rule, record, mask, 0) ?? {}) as JsonObject
}

function apply(rule: Rule, value: Json | undefined, mask: Mask, depth: number): Json | undefined {
  if (value === undefined || rule === 'drop' || depth > DEPTH_MAX) return undefined
  if (typeof value === 'string') return applyToText(rule, value, mask, depth)
  if (rule === 'number') return Number.isFinite(value) ? value : undefined
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'number') return rule === 'keep' || fits(rule, String(value)) ? value : mask(String(value))
  return Array.isArray(value) ? applyToList(rule, value, mask, depth) : applyToMembers(rule, value, mask, depth)
}

function applyToList(rule: Rule, values: Json[], mask: Mask, depth: number): Json[] {
  const redacted: Json[] = []
  for (const value of values) {
    const kept = apply(rule, value, mask, depth + 1)
    if (kept !== undefined) redacted.push(kept)
  }
  return redacted
}

function applyToMembers(rule: Rule, value: JsonObject, mask: Mask, depth: number): JsonObject {
  const redacted: JsonObject = {}
  for (const name of Object.keys(value)) {
    if (name === '__proto__') continue
    const known = memberRule(rule, name)
    if (known === 'drop' || (known === undefined && !isStorableName(name))) continue
    const kept = apply(known ?? 'mask', value[name], mask, depth + 1)
    if (kept !== undefined) redacted[name] = kept
  }
  return redacted
}

function memberRule(rule: Rule, name: string): Rule | undefined {
  if (typeof rule === 'string') return undefined
  if ('members' in rule) return rule.members.get(name) ?? restRule(rule, name)
  return 'each' in rule && isStorableName(name) ? rule.each : undefined
}

function restRule(rule: Members, name: string): Rule | undefined {
  const rest = rule.members.get('*')
  return rest === undefined || rest === 'drop' || isStorableName(name) ? rest : undefined
}

function isStorableName(name: string): boolean {
  return NAME.test(name) && !looksSecret(name)
}

function applyToText(rule: Rule, value: string, mask: Mask, depth: number): Json | undefined {
  if (rule === 'number') return undefined
  if (isBlank(value) || isKept(rule, value)) return value
  if (rule === 'path' && value.length <= KEPT_LENGTH_MAX) return withoutSecretSegments(value, mask)
  if (typeof rule === 'object' && 'embedded' in rule) {
    const inner = parseEmbedded(value)
    if (inner !== undefined) return apply(rule.embedded, inner, mask, depth + 1)
  }
  return mask(value)
}

/** Longest text that stays in clear, UTF-16 units: two of them must fit into an index entry (2,704 bytes in PostgreSQL). */
export const KEPT_LENGTH_MAX = 400

function isKept(rule: Rule, value: string): boolean {
  if (rule === 'mask' || value.length > KEPT_LENGTH_MAX) return false
  if (rule === 'keep') return isVendorHash(value) || !looksSecret(value)
  if (rule === 'hashed') return isVendorHash(value)
  return fits(rule, value) && (isVendorHash(value) || !looksSecret(value))
}

function fits(rule: Rule, value: string): boolean {
  return typeof rule === 'object' && 'shaped' in rule && rule.shaped.test(value)
}

function parseEmbedded(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** A name that stands in clear in a column of its own; what does not read as one, or has the shape of a secret, is `otherwise`. */
export function typeName(value: unknown, otherwise: string): string {
  return typeof value === 'string' && NAME.test(value) && !looksSecret(value) ? value : otherwise
}
