import {
  isMinted,
  namespaceOf,
  scopeOf,
  type Activity,
  type Instant,
  type Key,
  type KeyGroup,
  type Target,
} from '@catena/domain'

/** What new records may have changed, before anybody looks which chains that is. */
export interface Touched {
  /** Keys whose uses, and the uses of what came through them, may have another chain now. */
  readonly carriers: readonly Key[]
  /** Keys of which the fact that made them may have another end now. */
  readonly makers: readonly Key[]
  /** Slots that got another content, or none, at that time, or again what had been deleted at whatever time before. */
  readonly slots: readonly SlotTouched[]
  /** Prefixes under which leases were ended. */
  readonly prefixes: readonly Key[]
  /** Systems that ended all sessions which they held at that time. */
  readonly issuers: readonly { readonly system: string; readonly at: Instant }[]
  /** Names of people whose entry was told. */
  readonly people: readonly Key[]
}

interface SlotTouched {
  readonly target: Target
  readonly at: Instant
  readonly isRestored: boolean
}

/**
 * By the verbs of the new facts. A retrieval itself is walked anew wherever it stands; what is collected here reaches chains of other facts.
 * Rather too much than too little: a chain that is walked anew and comes out the same changes nothing.
 */
export function touchedBy(activities: readonly Activity[]): Touched {
  const touched = { carriers: new Set<Key>(), makers: new Set<Key>(), people: new Set<Key>(), prefixes: new Set<Key>() }
  const slots: SlotTouched[] = []
  const issuers: { system: string; at: Instant }[] = []
  for (const activity of activities) {
    for (const group of activity.groups) {
      if (group.trust !== 'verified') continue
      const keys = group.forms.map(({ key }) => key)
      if (group.verb === 'describes' || isRelation(group)) keys.forEach((key) => touched.people.add(key))
      else if (group.verb === 'binds') keys.filter(isMinted).forEach((key) => touched.carriers.add(key))
      else if (group.verb === 'ends') sortEnds(keys, activity, { ...touched, slots, issuers })
      else if (group.verb === 'establishes') keys.forEach((key) => touched.carriers.add(key))
      if (activity.kind === 'response-unwrapped') keys.forEach((key) => touched.makers.add(key))
    }
  }
  const { carriers, makers, people, prefixes } = touched
  return { carriers: [...carriers], makers: [...makers], people: [...people], prefixes: [...prefixes], slots, issuers }
}

/** Statements about several principals; the verb stands beside those of the walk. */
function isRelation({ verb }: KeyGroup): boolean {
  return (verb as string) === 'relates'
}

interface Ends {
  readonly carriers: Set<Key>
  readonly makers: Set<Key>
  readonly prefixes: Set<Key>
  readonly slots: SlotTouched[]
  readonly issuers: { system: string; at: Instant }[]
}

function sortEnds(
  keys: readonly Key[],
  { kind, target, occurredAt: at }: Activity,
  { carriers, makers, prefixes, slots, issuers }: Ends,
): void {
  for (const key of keys) {
    const namespace = namespaceOf(key)
    if (namespace === 'credential')
      slots.push(...(target === undefined ? [] : [{ target, at, isRestored: kind === 'secret-restored' }]))
    else if (namespace === 'vault-lease-prefix') prefixes.add(key)
    else if (namespace === 'idp-sessions') issuers.push({ system: scopeOf(key), at })
    else {
      carriers.add(key)
      makers.add(key)
    }
  }
}
