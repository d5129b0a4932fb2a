import { refusal, type Decided, type Decider, type Instant, type Key } from '@catena/domain'
import { matchesSlot, specificityOf, type Slot, type SlotPattern } from '../slots/slot-pattern.js'
import type { Assigned, Former, Named, Stewardship } from './state.js'

/** Whoever a path belongs to, as a rule says. */
export interface OwnershipRule extends SlotPattern {
  readonly id: string
  readonly owner: Named
}

/** The rules in force; the whole list is replaced at once, so that one version says all. */
export interface OwnershipRules {
  /** 0: none were published. */
  readonly version: number
  readonly rules: readonly OwnershipRule[]
  readonly at?: Instant
  readonly by?: string
}

type RuleData = {
  readonly id: string
  readonly system?: string
  readonly path: string
  readonly owner: { readonly key: Key; readonly name: string }
}
export interface OwnershipRulesPublished {
  readonly type: 'OwnershipRulesPublished'
  readonly data: { readonly version: number; readonly rules: RuleData[] }
}

export const OWNERSHIP_RULES_STREAM = 'ownership-rules'
export const NO_OWNERSHIP_RULES: OwnershipRules = { version: 0, rules: [] }

export const ownershipRules: Decider<OwnershipRules, readonly OwnershipRule[], OwnershipRulesPublished, 'RULE_TWICE'> =
  {
    initial: NO_OWNERSHIP_RULES,
    decide: ({ version }, rules) => {
      const ids = rules.map(({ id }) => id)
      const twice = ids.find((id, index) => ids.indexOf(id) !== index)
      if (twice !== undefined) return refusal('RULE_TWICE', `two rules are called ${twice}: give each an id of its own`)
      return [{ type: 'OwnershipRulesPublished', data: { version: version + 1, rules: rules.map(dataOf) } }]
    },
    evolve: (_, { data }, { at, actor }: Decided) => ({ ...data, at, by: actor }),
  }

function dataOf({ id, system, path, owner }: OwnershipRule): RuleData {
  return { id, path, owner: { key: owner.key, name: owner.name }, ...(system === undefined ? {} : { system }) }
}

/** The owner in force. */
export interface Owner extends Assigned {
  /** Id of the rule, where nobody was assigned by name. */
  readonly rule?: string
}

/** Whoever was assigned by name; else whom the most specific rule names, of equals the first. Never two. */
export function ownerOf({ owner }: Stewardship, { rules, at, by }: OwnershipRules, slot: Slot): Owner | undefined {
  if (owner !== undefined) return owner
  const best = mostSpecific(rules, slot)
  return best === undefined ? undefined : { ...best.owner, at: at ?? 0, by: by ?? '', rule: best.id }
}

/**
 * Whom rules named that are in force no more, each for its time: until the next list was published, or somebody was assigned by name. `versions` by
 * their order; the last one is in force.
 */
export function formerOwnersByRule(
  versions: readonly OwnershipRules[],
  { assignedSince = Infinity }: Stewardship,
  slot: Slot,
): Former[] {
  return versions.flatMap(({ rules, at: from = 0 }, index) => {
    const to = Math.min(versions[index + 1]?.at ?? Infinity, assignedSince)
    const best = from < to && to < Infinity ? mostSpecific(rules, slot) : undefined
    return best === undefined ? [] : [{ ...best.owner, from, to }]
  })
}

function mostSpecific(rules: readonly OwnershipRule[], slot: Slot): OwnershipRule | undefined {
  let best: OwnershipRule | undefined
  for (const rule of rules) {
    if (matchesSlot(rule, slot) && (best === undefined || specificityOf(rule) > specificityOf(best))) best = rule
  }
  return best
}
