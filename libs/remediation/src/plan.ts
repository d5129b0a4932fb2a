import { matchesSlot } from '@catena/governance'
import { scopeOf, valueOf, issuerScope, namespaceOf, type Key } from '@catena/domain'
import { wordsOf, type Action } from './action.js'
import type { OpenAccess } from './open-access.js'
import type { Gives, SystemSettings } from '@catena/platform'

/** One action at one system, and what else ends with it. */
export interface Step {
  readonly carrier: string
  readonly action: Action
  /** In words; empty: nothing beyond the access that was decided on. Anything in it makes the order wait for a person. */
  readonly touches: readonly string[]
}

export interface Plan {
  readonly steps: readonly Step[]
  /** True: with the steps the right itself is gone. False: what was obtained ends, and somebody must still take the right away. */
  readonly endsTheRight: boolean
  /** What cannot be done here, in words. */
  readonly shortfalls: readonly string[]
}

/** What else ends with all the steps, each once. */
export function touchesOf(steps: readonly Step[]): string[] {
  return [...new Set(steps.flatMap(({ touches }) => touches))]
}

/** The access that an order is about, as the item has it. */
export interface Ordered {
  readonly system: string
  readonly container: string
  readonly path: string
  readonly accessor: { readonly kind: string; readonly name: string; readonly keys: readonly Key[] }
}

/** Pure: the same records and settings give the same plan. */
export function planFor(ordered: Ordered, open: OpenAccess, systems: readonly SystemSettings[]): Plan {
  const right = systems.flatMap((system) => stepsOnTheRight(ordered, system))
  const obtained = systems.flatMap((system) => stepsOnWhatIsOpen(ordered, open, system))
  // The right first: what is ended while it stands can be obtained again at once.
  const stands = `the right of ${ordered.accessor.name} to obtain ${ordered.container}${ordered.path} stands until somebody takes it away`
  const endsTheRight = right.length > 0
  return { steps: [...right, ...obtained], endsTheRight, shortfalls: [...leftOpen(open, obtained), ...(endsTheRight ? [] : [stands])] }
} // prettier-ignore

function stepsOnTheRight(ordered: Ordered, system: SystemSettings): Step[] {
  const slot = { system: ordered.system, container: ordered.container, path: ordered.path }
  return system.gives
    .filter((gives) => matchesSlot(gives, slot) && (gives.accessor === undefined || gives.accessor === ordered.accessor.name))
    .flatMap((gives) => stepOnTheRight(ordered, system, gives))
    .filter(({ action }) => system.allow.includes(action.do))
} // prettier-ignore

function stepOnTheRight({ accessor }: Ordered, system: SystemSettings, gives: Gives): Step[] {
  const step = (action: Action, touches: readonly string[]): Step => ({ carrier: system.id, action, touches })
  if (gives.group !== undefined && system.kind === 'keycloak') {
    const person = accessor.keys.find((key) => namespaceOf(key) === 'person' && scopeOf(key) === issuerScope('keycloak', system.scope))
    if (accessor.kind !== 'person' || person === undefined) return []
    const others = system.gives.filter((other) => other.group === gives.group && other !== gives)
    return [step({ do: 'remove-from-group', user: valueOf(person), group: gives.group }, others.map(({ path }) => `${accessor.name} also loses ${path}`))]
  }
  if (accessor.kind !== 'workload') return []
  if (gives.client !== undefined && system.kind === 'keycloak') return [step({ do: 'disable-client', client: gives.client }, [`everybody who signs in as client ${gives.client} is shut out`])]
  if (gives.role !== undefined && system.kind === 'vault') return [step({ do: 'delete-role', role: gives.role }, [`everybody who logs in by ${gives.role} is shut out`])]
  const { repository, secret } = gives
  if (repository !== undefined && secret !== undefined && system.kind === 'github') return [step({ do: 'delete-secret', repository, secret }, [`every workflow of ${repository} loses ${secret}`])]
  return []
} // prettier-ignore

function stepsOnWhatIsOpen(ordered: Ordered, { leases, tokens }: OpenAccess, system: SystemSettings): Step[] {
  if (system.kind !== 'vault' || system.actsOn !== ordered.system) return []
  const steps: Step[] = leases.map((lease) => ({ carrier: system.id, action: { do: 'revoke-lease', lease }, touches: [] }))
  for (const { accessor, alsoReads } of tokens)
    if (accessor !== undefined) steps.push({ carrier: system.id, action: { do: 'revoke-accessor', accessor }, touches: alsoReads.map((name) => `its token also reads ${name}`) })
  return steps.filter(({ action }) => system.allow.includes(action.do))
} // prettier-ignore

/** What is open and no step ends, each once, in words. */
function leftOpen(open: OpenAccess, steps: readonly Step[]): string[] {
  const planned = new Set(steps.map(({ action }) => wordsOf(action)))
  const all = [
    ...open.leases.map((lease) => wordsOf({ do: 'revoke-lease', lease })),
    ...open.tokens.map(({ accessor }) => (accessor === undefined ? 'revoke a token of which only hashes are on record' : wordsOf({ do: 'revoke-accessor', accessor }))),
  ]
  return [...new Set(all.filter((words) => !planned.has(words)))]
} // prettier-ignore
