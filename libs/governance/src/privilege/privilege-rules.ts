import { refusal, type Decider, type Instant } from '@catena/domain'
import { matchesSlot, type Slot, type SlotPattern } from '../slots/slot-pattern.js'

/** What makes a credential privileged: where it lies, by which policies it is obtained, what it reaches. A member left out asks nothing. */
export interface PrivilegeRule extends Partial<SlotPattern> {
  readonly id: string
  /** One of these policies granted it. */
  readonly policies?: readonly string[]
  /** One of these is declared to be reached with it. */
  readonly reaches?: readonly string[]
}

/** The rules in force; the whole list is replaced at once. */
export interface PrivilegeRules {
  readonly version: number
  readonly rules: readonly PrivilegeRule[]
  readonly at?: Instant
  readonly by?: string
}

/** In force until others are published. */
export const PRIVILEGE_RULES_DEFAULT: PrivilegeRules = {
  version: 0,
  rules: [
    { id: 'obtained-as-root', policies: ['root'] },
    { id: 'administrative-path', path: '**/*admin*' },
    { id: 'administrative-folder', path: '**/*admin*/**' },
    { id: 'root-path', path: '**/*root*' },
    { id: 'production-path', path: '**/prod*/**' },
  ],
}

type RuleData = {
  readonly id: string
  readonly system?: string
  readonly path?: string
  readonly policies?: string[]
  readonly reaches?: string[]
}
export interface PrivilegeRulesPublished {
  readonly type: 'PrivilegeRulesPublished'
  readonly data: { readonly version: number; readonly rules: RuleData[] }
}

export const PRIVILEGE_RULES_STREAM = 'privilege-rules'

export const privilegeRules: Decider<
  PrivilegeRules,
  readonly PrivilegeRule[],
  PrivilegeRulesPublished,
  'RULE_TWICE' | 'RULE_ASKS_NOTHING'
> = {
  initial: PRIVILEGE_RULES_DEFAULT,
  decide: ({ version }, rules) => {
    const ids = rules.map(({ id }) => id)
    const twice = ids.find((id, index) => ids.indexOf(id) !== index)
    if (twice !== undefined) return refusal('RULE_TWICE', `two rules are called ${twice}: give each an id of its own`)
    const empty = rules.find((rule) => asksNothing(rule))
    if (empty !== undefined)
      return refusal('RULE_ASKS_NOTHING', `${empty.id} asks nothing: name a path, policies or what is reached`)
    return [{ type: 'PrivilegeRulesPublished', data: { version: version + 1, rules: rules.map(dataOf) } }]
  },
  evolve: (_, { data }, { at, actor }) => ({ ...data, at, by: actor }),
}

function asksNothing({ path, policies, reaches }: PrivilegeRule): boolean {
  return path === undefined && policies === undefined && reaches === undefined
}

function dataOf({ id, system, path, policies, reaches }: PrivilegeRule): RuleData {
  return {
    id,
    ...(system === undefined ? {} : { system }),
    ...(path === undefined ? {} : { path }),
    ...(policies === undefined ? {} : { policies: [...policies] }),
    ...(reaches === undefined ? {} : { reaches: [...reaches] }),
  }
}

export interface Weighed {
  readonly slot: Slot
  readonly policies: readonly string[]
  readonly reaches: readonly string[]
}

/** The first rule that makes it privileged. */
export function privilegeOf({ rules }: PrivilegeRules, weighed: Weighed): PrivilegeRule | undefined {
  return rules.find((rule) => applies(rule, weighed))
}

function applies(rule: PrivilegeRule, { slot, policies, reaches }: Weighed): boolean {
  const { system, path } = rule
  if (system !== undefined && system !== slot.system) return false
  if (path !== undefined && !matchesSlot({ path }, slot)) return false
  if (rule.policies !== undefined && !rule.policies.some((policy) => policies.includes(policy))) return false
  return rule.reaches === undefined || rule.reaches.some((target) => reaches.includes(target))
}
