import { isRewrap, openedBy, originsOf, wrappedTargets } from '@catena/access-chain'
import { tellingsOf, wrappingIn, type Activity, type Key, type KeyForm, type Target } from '@catena/domain'
import { credentialOf, namedCredentialOf, type Uuid } from './identity.js'
import { KnownThings } from './known-things.js'
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

/** An unwrapping, by the uuid of its fact. */
export interface Unwrapping {
  readonly fact: Uuid
  readonly activity: Activity
}

/** By position what was known of each, whatever order it was learned in. */
export function unwrappedRows(unwrappings: readonly Unwrapping[], wrappings: Wrappings): UnwrappedRow[] {
  return statesOf(unwrappings, wrappings).flatMap(({ fact, activity, states }) =>
    states.flatMap(({ position, targets }, number) => {
      const times = tellingsOf(activity).filter((telling) => telling.position <= position)
      const row = {
        fact,
        atUs: micros(Math.min(...times.map(({ occurredAt }) => occurredAt))),
        firstPosition: position,
        untilPosition: states[number + 1]?.position,
      }
      return targets.map((target) => ({ ...row, ...columnsOf(target) }))
    }),
  )
}

function columnsOf(target: Target): Pick<UnwrappedRow, 'slot' | 'credential' | 'named' | 'containerName'> {
  const [credential, named] = [credentialOf(target), namedCredentialOf(target)]
  return { slot: credential ?? named, credential, named, containerName: target.containerName }
}

/** One of them, and what was known of it from which position on. */
interface Followed extends Unwrapping {
  readonly states: { readonly position: number; readonly targets: readonly Target[] }[]
}

/** What became known at a position. */
type Step = (things: KnownThings<Followed>) => void

/** From one position on to the next only those are looked at of which something else may be known. */
function statesOf(unwrappings: readonly Unwrapping[], wrappings: Wrappings): readonly Followed[] {
  const all = unwrappings.map((one): Followed => ({ ...one, states: [] }))
  const [things, steps] = [new KnownThings<Followed>(), stepsOf(wrappings)]
  const told = toldAt(all)
  for (const position of [...new Set([...steps.keys(), ...told.keys()])].sort((a, b) => a - b)) {
    for (const step of steps.get(position) ?? []) step(things)
    const own = told.get(position) ?? []
    const looked = new Looked(things, position)
    for (const one of new Set([...own, ...things.takeTouched()])) follow(one, position, looked.targetsOf(one))
  }
  return all
}

function follow({ activity, states }: Followed, position: number, targets: readonly Target[]): void {
  const before = states.at(-1)
  if (before === undefined && position < (tellingsOf(activity)[0]?.position ?? 0)) return
  const isTold = tellingsOf(activity).some((telling) => telling.position === position)
  if (isTold || namesIn(before?.targets ?? []) !== namesIn(targets)) states.push({ position, targets })
}

function namesIn(targets: readonly Target[]): string {
  return targets.map((target) => columnsOf(target).slot).join()
}

/** By the positions at which they were told of, and at which what they opened was. */
function toldAt(all: readonly Followed[]): Map<number, Followed[]> {
  const told = new Map<number, Followed[]>()
  for (const one of all) {
    const forms = one.activity.groups.flatMap((group) => group.forms)
    const positions = [...tellingsOf(one.activity), ...forms].map(({ position }) => position)
    for (const position of new Set(positions)) put(told, position, one)
  }
  return told
}

/** By position what became known of makers and names. */
function stepsOf({ makers, edges }: Wrappings): Map<number, Step[]> {
  const steps = new Map<number, Step[]>()
  for (const { a, b, position } of edges) put(steps, position, (things) => things.join(a, b))
  for (const maker of makers) {
    const since = wrappedSince(maker)
    if (since === undefined || maker.outcome !== 'succeeded') continue
    const opened = isRewrap(maker) ? maker.groups.flatMap(({ forms }) => forms.map(({ position }) => position)) : []
    for (const { key, position } of madeForms(maker)) {
      put(steps, Math.max(since, position), (things) => things.made(key, maker))
      for (const later of new Set(opened.filter((each) => each > since))) put(steps, later, (things) => things.changed(key))
    }
  }
  return steps
} // prettier-ignore

/** An answer shows the wrapping. */
function wrappedSince(maker: Activity): number | undefined {
  const forms = wrappingIn(maker)?.forms ?? []
  return forms.length === 0 ? undefined : Math.min(...forms.map(({ position }) => position))
}

function put<K, T>(lists: Map<K, T[]>, key: K, item: T): void {
  const known = lists.get(key)
  if (known === undefined) lists.set(key, [item])
  else known.push(item)
}

/** At one position; those that opened one thing are of the same. */
class Looked {
  private readonly known = new Map<string, { readonly targets: readonly Target[]; readonly keys: readonly Key[] }>()

  constructor(
    private readonly things: KnownThings<Followed>,
    private readonly position: number,
  ) {}

  targetsOf(one: Followed): readonly Target[] {
    const unwrapping = knownAt(one.activity, this.position)
    const opened = new Set(openedBy(unwrapping).flatMap((key) => this.things.read(key, one).names[0] ?? []))
    const id = [...opened].sort().join(' ')
    const { targets, keys } = this.known.get(id) ?? this.look(id, unwrapping, one)
    for (const key of keys) this.things.read(key, one)
    return targets
  }

  private look(id: string, unwrapping: Activity, one: Followed) {
    const keys: Key[] = []
    const makersOf = (key: Key): readonly Activity[] => {
      keys.push(key)
      return this.things.read(key, one).makers.map((maker) => (isRewrap(maker) ? knownAt(maker, this.position) : maker))
    }
    const looked = { targets: wrappedTargets(originsOf(unwrapping, makersOf)), keys }
    this.known.set(id, looked)
    return looked
  }
}

/** Names of it that had been shown by then. */
function knownAt(fact: Activity, position: number): Activity {
  const groups = fact.groups
    .map((group) => ({ ...group, forms: group.forms.filter((form) => form.position <= position) }))
    .filter(({ forms }) => forms.length > 0)
  return { ...fact, groups }
}

/** Of the wrapping, and of what else it made. */
function madeForms({ groups }: Activity): readonly KeyForm[] {
  return groups
    .filter(({ verb, trust }) => verb === 'establishes' && trust === 'verified')
    .flatMap(({ forms }) => forms)
}

/** Names of the wrappings that a fact opens or had made. */
export function wrappingNames(activity: Activity): Key[] {
  const opens = activity.kind === 'response-unwrapped' || activity.attributes.rewrapped === true
  const made = activity.groups.filter(({ role, verb, trust }) => role === 'wrapping' && verb === 'establishes' && trust === 'verified')
  return [...(opens ? openedBy(activity) : []), ...made.flatMap(({ forms }) => forms.map(({ key }) => key))]
} // prettier-ignore
