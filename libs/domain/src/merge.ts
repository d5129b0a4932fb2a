import {
  heardAt,
  tellingsOf,
  type Activity,
  type ActivityKind,
  type Attributes,
  type KeyForm,
  type KeyGroup,
  type Outcome,
  type Target,
  type Telling,
} from './activity.js'
import { canonicalJson, type Json } from './json.js'
import type { Instant } from './time.js'

/**
 * Merges two views of one fact (two audit devices, two halves, an overlapping poll).
 * Commutative, associative and idempotent, so neither order nor repetition of records can matter.
 */
export function merge(a: Activity, b: Activity): Activity {
  if (a.factId !== b.factId) throw new Error(`cannot merge fact ${a.factId} with ${b.factId}`)
  const conflicts = new Set([...a.conflicts, ...b.conflicts])
  const completedAt = greatest(a.completedAt, b.completedAt)
  const occurredAt = Math.min(a.occurredAt, b.occurredAt)
  const heard = heardFirst(a, b)
  const tellings = mergeTellings(a, b)
  const target = mergeTargets(a.target, b.target, conflicts)
  return {
    factId: a.factId,
    source: least(a.source, b.source),
    kind: mergeKinds(a.kind, b.kind),
    type: least(a.type, b.type),
    occurredAt,
    ...(completedAt === undefined ? {} : { completedAt }),
    ...(heard === occurredAt ? {} : { heardAt: heard }),
    resolutionMs: Math.max(a.resolutionMs, b.resolutionMs),
    outcome: mergeOutcomes(a.outcome, b.outcome, conflicts),
    ...(target === undefined ? {} : { target }),
    groups: mergeGroups(a.groups, b.groups),
    attributes: mergeAttributes(a.attributes, b.attributes, conflicts),
    conflicts: [...conflicts].sort(),
    positions: unitePositions(a.positions, b.positions),
    ...(tellings === undefined ? {} : { tellings }),
  }
}

/** What is told again tells nothing anew, whatever else is known; so it does not matter what was left out before. */
function mergeTellings(a: Activity, b: Activity): readonly Telling[] | undefined {
  if (isAsTold(a, b)) return undefined
  const told: Telling[] = []
  for (const telling of united([...tellingsOf(a), ...tellingsOf(b)])) {
    const { position, source, occurredAt } = telling
    if (told.every((one) => one.source !== source)) told.push(telling)
    else if (told.every((one) => occurredAt < one.occurredAt)) told.push({ position, source, occurredAt })
  }
  return told.length === 1 ? undefined : told
}

/** As nearly always: two halves of one request, of which the first one is recorded first. */
function isAsTold(a: Activity, b: Activity): boolean {
  if (a.tellings !== undefined || b.tellings !== undefined || a.source !== b.source) return false
  const [x, y] = [a.positions[0] ?? 0, b.positions[0] ?? 0]
  return x === y || (x < y ? a.occurredAt <= b.occurredAt : b.occurredAt <= a.occurredAt)
}

/** In order, of each position and source one. */
function united(tellings: Telling[]): Telling[] {
  const found: Telling[] = []
  for (const telling of tellings.sort(byPosition)) {
    const last = found.at(-1)
    if (last?.position !== telling.position || last.source !== telling.source) found.push(telling)
    else found[found.length - 1] = { ...last, occurredAt: Math.min(last.occurredAt, telling.occurredAt), heardAt: Math.min(last.heardAt ?? Infinity, telling.heardAt ?? Infinity) } // prettier-ignore
  }
  return found
}

function byPosition(a: Telling, b: Telling): number {
  return a.position - b.position || (a.source < b.source ? -1 : a.source > b.source ? 1 : 0)
}

function heardFirst(a: Activity, b: Activity): Instant {
  const [x, y] = [a.positions[0] ?? 0, b.positions[0] ?? 0]
  return x === y ? Math.min(heardAt(a), heardAt(b)) : heardAt(x < y ? a : b)
}

export function mergeAll(activities: readonly Activity[]): Activity {
  const [first, ...rest] = activities
  if (first === undefined) throw new Error('a fact needs at least one observation')
  return rest.reduce(merge, first)
}

/** From what a half record can only guess to what a whole one knows. */
const VAGUE: readonly ActivityKind[] = [
  'not-interpreted',
  'unclassified',
  'not-about-access',
  'operation',
  'login-started',
]

function mergeKinds(a: ActivityKind, b: ActivityKind): ActivityKind {
  const rank = (kind: ActivityKind): number => (VAGUE.includes(kind) ? VAGUE.indexOf(kind) : VAGUE.length)
  if (rank(a) !== rank(b)) return rank(a) > rank(b) ? a : b
  return least(a, b)
}

const SEVERITY: readonly Outcome[] = ['unknown', 'succeeded', 'failed', 'denied']

function mergeOutcomes(a: Outcome, b: Outcome, conflicts: Set<string>): Outcome {
  if (a !== b && a !== 'unknown' && b !== 'unknown') conflicts.add('outcome')
  return SEVERITY.indexOf(a) >= SEVERITY.indexOf(b) ? a : b
}

/** What all observers of a fact say of it; unknown where they disagree. */
export function agreedOutcome({ outcome, conflicts }: Pick<Activity, 'outcome' | 'conflicts'>): Outcome {
  return conflicts.includes('outcome') ? 'unknown' : outcome
}

function mergeTargets(a: Target | undefined, b: Target | undefined, conflicts: Set<string>): Target | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return mergeAttributes({ ...a }, { ...b }, conflicts, 'target.') as unknown as Target
}

function mergeAttributes(a: Attributes, b: Attributes, conflicts: Set<string>, prefix = ''): Attributes {
  const merged: Record<string, Json | undefined> = { ...a }
  for (const name in b) {
    const [value, other] = [b[name], merged[name]]
    if (value === undefined || value === other) continue
    if (other === undefined) {
      merged[name] = value
      continue
    }
    const [x, y] = [canonicalJson(other), canonicalJson(value)]
    if (x === y) continue
    conflicts.add(prefix + name)
    if (y < x) merged[name] = value
  }
  return merged
}

function mergeGroups(a: readonly KeyGroup[], b: readonly KeyGroup[]): KeyGroup[] {
  const groups = new Map<string, KeyGroup>()
  for (const group of [...a, ...b]) {
    const id = `${group.role}\u0000${group.verb}\u0000${group.trust}`
    const other = groups.get(id)
    groups.set(id, other === undefined ? sortForms(group) : mergeGroup(other, group))
  }
  return [...groups.entries()].sort(([x], [y]) => (x < y ? -1 : 1)).map(([, group]) => group)
}

function mergeGroup(a: KeyGroup, b: KeyGroup): KeyGroup {
  // A handover is the weaker claim: whoever saw one observer call it a handover must not see it become a login.
  const by = a.by === 'handover' || b.by === 'handover' ? 'handover' : (a.by ?? b.by)
  const sideways = a.sideways === true && b.sideways === true
  return sortForms({
    role: a.role,
    verb: a.verb,
    trust: a.trust,
    ...(by === undefined ? {} : { by }),
    ...(sideways ? { sideways } : {}),
    forms: [...a.forms, ...b.forms],
  })
}

function sortForms(group: KeyGroup): KeyGroup {
  if (group.forms.every((form, at) => at === 0 || (group.forms[at - 1]?.key ?? '') < form.key)) return group
  const forms = new Map<string, KeyForm>()
  for (const form of group.forms) {
    const other = forms.get(form.key)
    if (other === undefined || form.position < other.position) forms.set(form.key, form)
  }
  return { ...group, forms: [...forms.values()].sort((x, y) => (x.key < y.key ? -1 : x.key > y.key ? 1 : 0)) }
}

/** In order, each once. */
function unitePositions(a: readonly number[], b: readonly number[]): readonly number[] {
  if ((a.at(-1) ?? 0) < (b[0] ?? 0)) return [...a, ...b]
  if ((b.at(-1) ?? 0) < (a[0] ?? 0)) return [...b, ...a]
  return [...new Set([...a, ...b])].sort((x, y) => x - y)
}

function least<T extends string>(a: T, b: T): T {
  return a <= b ? a : b
}

function greatest(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return Math.max(a, b)
}
