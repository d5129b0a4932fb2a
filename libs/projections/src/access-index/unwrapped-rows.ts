import { openedBy, originsOf, wrappedTargets, type MakersOf } from '@catena/access-chain'
import { tellingsOf, type Activity, type Key, type Target } from '@catena/domain'
import { credentialOf, namedCredentialOf, type Uuid } from './identity.js'
import { micros } from './rows.js'

/** Which credential an unwrapping was of, as it was known for a while. */
export interface UnwrappedRow {
  readonly fact: Uuid
  readonly slot: Uuid
  readonly credential: Uuid | undefined
  readonly named: Uuid
  readonly containerName: string | undefined
  readonly atUs: number
  readonly firstPosition: number
  readonly untilPosition: number | undefined
}

/** Two names that a record shows to be of one thing, from its position on. */
export interface Edge {
  readonly a: Key
  readonly b: Key
  readonly position: number
}

/** What the index holds of the wrappings in question. */
export interface Wrappings {
  /** Facts that had wrappings made. */
  readonly makers: readonly Activity[]
  readonly edges: readonly Edge[]
}

/** By position what was known, whatever order it was learned in. */
export function unwrappedRows(fact: Uuid, unwrapping: Activity, wrappings: Wrappings): UnwrappedRow[] {
  const steps = stepsOf(unwrapping, wrappings)
  return steps.flatMap((position, number) => {
    const times = tellingsOf(unwrapping).filter((telling) => telling.position <= position)
    const row = {
      fact,
      atUs: micros(Math.min(...times.map(({ occurredAt }) => occurredAt))),
      firstPosition: position,
      untilPosition: steps[number + 1],
    }
    return targetsAt(unwrapping, wrappings, position).map((target) => ({ ...row, ...columnsOf(target) }))
  })
}

function columnsOf(target: Target): Pick<UnwrappedRow, 'slot' | 'credential' | 'named' | 'containerName'> {
  const [credential, named] = [credentialOf(target), namedCredentialOf(target)]
  return { slot: credential ?? named, credential, named, containerName: target.containerName }
}

/** Positions from which on something else is known of it than before. */
function stepsOf(unwrapping: Activity, wrappings: Wrappings): number[] {
  const { makers, edges } = wrappings
  const forms = [unwrapping, ...makers].flatMap(({ groups }) => groups.flatMap((group) => group.forms))
  const told = tellingsOf(unwrapping).map(({ position }) => position)
  const first = told[0] ?? 0
  const all = [...told, ...forms.map(({ position }) => position), ...edges.map(({ position }) => position)]
  const positions = [...new Set(all)].filter((position) => position >= first).sort((a, b) => a - b)
  const said = positions.map((position) => targetsAt(unwrapping, wrappings, position).map(idOf).join())
  return positions.filter((position, number) => told.includes(position) || said[number] !== said[number - 1])
}

function idOf(target: Target): string {
  return columnsOf(target).slot
}

function targetsAt(unwrapping: Activity, { makers, edges }: Wrappings, position: number): readonly Target[] {
  const known = makers.map((maker) => knownAt(maker, position))
  return wrappedTargets(originsOf(knownAt(unwrapping, position), makersAmong(known, namesAt(edges, position))))
}

/** Names of it that had been shown by then; an answer shows the wrapping. */
function knownAt(fact: Activity, position: number): Activity {
  const groups = fact.groups
    .map((group) => ({ ...group, forms: group.forms.filter((form) => form.position <= position) }))
    .filter(({ forms }) => forms.length > 0)
  return { ...fact, groups }
}

type NamesOf = (key: Key) => ReadonlySet<Key>

function namesAt(edges: readonly Edge[], position: number): NamesOf {
  const things = new Map<Key, ReadonlySet<Key>>()
  for (const { a, b } of edges.filter((edge) => edge.position <= position)) {
    const joined = new Set([a, b, ...(things.get(a) ?? []), ...(things.get(b) ?? [])])
    for (const name of joined) things.set(name, joined)
  }
  return (key) => things.get(key) ?? new Set([key])
}

function makersAmong(makers: readonly Activity[], namesOf: NamesOf): MakersOf {
  return (key) => makers.filter((maker) => madeNames(maker).some((name) => namesOf(key).has(name)))
}

/** Of the wrapping, and of what else it made. */
export function madeNames({ groups }: Activity): Key[] {
  return groups
    .filter(({ verb, trust }) => verb === 'establishes' && trust === 'verified')
    .flatMap(({ forms }) => forms.map(({ key }) => key))
}

/** Names of the wrappings that a fact opens or had made. */
export function wrappingNames(activity: Activity): Key[] {
  const opens = activity.kind === 'response-unwrapped' || activity.attributes.rewrapped === true
  const made = activity.groups.filter(({ role, verb, trust }) => role === 'wrapping' && verb === 'establishes' && trust === 'verified')
  return [...(opens ? openedBy(activity) : []), ...made.flatMap(({ forms }) => forms.map(({ key }) => key))]
} // prettier-ignore
