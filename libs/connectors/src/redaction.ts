import { isObject, type Json, type JsonObject, type Mask } from '@catena/domain'

/**
 * What may be stored of a value.
 * - `keep`: a scalar in clear, unless it has the shape of a secret
 * - `mask`: its keyed HMAC (equality survives); what no rule names is masked
 * - `drop`: left out altogether, names of members included
 * - `hashed`: kept where the source has hashed it already, else masked
 * - `each(rule)`: an object with free member names; `embedded(rule)`: JSON inside a string
 * - an object: a rule per member name, `*` for the members it does not name (default: `mask`)
 * A rule applies to every element of an array.
 */
export type Rule = 'keep' | 'mask' | 'hashed' | 'drop' | Each | Embedded | Members
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

function isCompiled(rule: object): rule is Each | Embedded | Members {
  return 'members' in rule && rule.members instanceof Map ? true : 'each' in rule || 'embedded' in rule
}

/**
 * Shapes of secrets that do turn up in fields that should hold none: tokens of Vault, GitHub, AWS, Slack, GitLab, Google, JWTs, private keys,
 * and credentials inside a URL. Bounded repetitions only, so that no input makes it slow.
 */
const SECRET_SHAPE =
  /\b(?:hv[sbr]\.[\w-]{20,400}|[sbr]\.[A-Za-z0-9]{24}\b|gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_\w{20,255}|A(?:KI|SI)A[0-9A-Z]{16}|xox[abeoprs]-[\w-]{10,255}|glpat-[\w-]{20,64}|AIza[\w-]{35}|sk_live_\w{16,64}|eyJ[\w-]{10,500}\.[\w-]{10,500}|[a-z][a-z0-9+.-]{1,15}:\/\/[^\s/:@]{0,200}:[^\s/@]{1,200}@)|-----BEGIN [A-Z ]{0,30}PRIVATE KEY/i

export function looksSecret(value: string): boolean {
  return value.length >= 16 && SECRET_SHAPE.test(value)
}

/** HMACs that Vault and OpenBao write in place of values, salted per audit device. */
const VENDOR_HASH = /^hmac-sha256:[0-9a-f]{64}$/

/** Member names are kept only where they read as names: people do type secrets into keys. */
const NAME = /^[A-Za-z_@$][\w@$.:/ -]{0,79}$/

/** Deepest nesting that is stored; what lies below is dropped, so that no record can exhaust the stack. */
export const DEPTH_MAX = 40

export function redactBy(rule: Rule, record: JsonObject, mask: Mask): JsonObject {
  return (apply(rule, record, mask, 0) ?? {}) as JsonObject
}

function apply(rule: Rule, value: Json | undefined, mask: Mask, depth: number): Json | undefined {
  if (value === undefined || rule === 'drop' || depth > DEPTH_MAX) return undefined
  if (value === null || typeof value === 'boolean') return value
  if (Array.isArray(value)) return applyToList(rule, value, mask, depth)
  if (isObject(value)) return applyToMembers(rule, value, mask, depth)
  return applyToScalar(rule, value, mask, depth)
}

function applyToList(rule: Rule, values: Json[], mask: Mask, depth: number): Json[] {
  return values.map((value) => apply(rule, value, mask, depth + 1)).filter((value) => value !== undefined)
}

function applyToMembers(rule: Rule, value: JsonObject, mask: Mask, depth: number): JsonObject {
  const redacted: JsonObject = {}
  for (const [name, member] of Object.entries(value)) {
    const known = memberRule(rule, name)
    if (known === undefined && !isStorableName(name)) continue
    if (name === '__proto__') continue
    const kept = apply(known ?? 'mask', member, mask, depth + 1)
    if (kept !== undefined) redacted[name] = kept
  }
  return redacted
}

function memberRule(rule: Rule, name: string): Rule | undefined {
  if (typeof rule === 'string' || 'embedded' in rule) return undefined
  if ('each' in rule) return isStorableName(name) ? rule.each : undefined
  return rule.members.get(name) ?? restRule(rule, name)
}

function restRule(rule: Members, name: string): Rule | undefined {
  const rest = rule.members.get('*')
  return rest === 'drop' || isStorableName(name) ? rest : undefined
}

function isStorableName(name: string): boolean {
  return NAME.test(name) && !looksSecret(name)
}

function applyToScalar(rule: Rule, value: string | number, mask: Mask, depth: number): Json | undefined {
  if (rule === 'keep') return typeof value === 'string' && looksSecret(value) ? mask(value) : value
  if (rule === 'hashed' && typeof value === 'string' && VENDOR_HASH.test(value)) return value
  if (typeof rule === 'object' && 'embedded' in rule && typeof value === 'string') {
    const inner = parseEmbedded(value)
    if (inner !== undefined) return apply(rule.embedded, inner, mask, depth + 1)
  }
  return value === '' ? value : mask(String(value))
}

function parseEmbedded(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
