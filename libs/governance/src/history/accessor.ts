import { hash } from 'node:crypto'
import type { ActorAspect, Chain, MissingReason, Principal } from '@catena/access-chain'
import { namespaceOf, type Activity, type Key } from '@catena/domain'

/** `ambiguous`: one of several, all named. `unknown`: nobody knows; what the system called it stands in the name. */
export type AccessorKind = 'person' | 'workload' | 'agent' | 'shared' | 'ambiguous' | 'unknown'

/** Whoever obtained a credential, as one thing over all its retrievals: the runs of a repository are one accessor. */
export interface Accessor {
  /** Stable; equal for retrievals of the same accessor. */
  readonly id: string
  readonly kind: AccessorKind
  readonly name: string
  /** Of the principal; of all candidates where they are several; none where nobody is known. */
  readonly keys: readonly Key[]
  /** Why nobody is known. */
  readonly reason?: MissingReason
}

const ONE_ACTOR: readonly AccessorKind[] = ['person', 'workload', 'agent']

/** Somebody or something in particular, by an identity that is not shared. */
export function isOneActor({ kind }: Pick<Accessor, 'kind'>): boolean {
  return ONE_ACTOR.includes(kind)
}

/** Facts of chains' links, by their ids and by what they establish: what a run belongs to stands there. */
export class Hops {
  private readonly establishing = new Map<Key, Activity[]>()

  constructor(private readonly facts: ReadonlyMap<string, Activity>) {
    for (const fact of facts.values())
      for (const key of establishedBy(fact)) {
        const known = this.establishing.get(key)
        if (known === undefined) this.establishing.set(key, [fact])
        else if (known.at(-1) !== fact) known.push(fact)
      }
  }

  get(id: string): Activity | undefined {
    return this.facts.get(id)
  }

  makersOf(key: Key): readonly Activity[] {
    return this.establishing.get(key) ?? []
  }
}

function establishedBy({ groups }: Activity): Key[] {
  return groups.filter(({ verb }) => verb === 'establishes').flatMap(({ forms }) => forms.map(({ key }) => key))
}

export function accessorOf({ actor, identity, fact, path }: Chain, hops: Hops): Accessor {
  if (actor.kind === 'attributed') return ofPrincipal(actor.principal, hops)
  if (actor.kind === 'ambiguous') return ofCandidates(actor.candidates.map((principal) => ofPrincipal(principal, hops)))
  if (actor.shared !== undefined)
    return {
      id: `shared:${fact.source}:${actor.shared}`,
      kind: 'shared',
      name: actor.shared,
      keys: [],
      reason: actor.reason,
    }
  return unknown(actor, fact.source, identity?.account ?? identity?.displayName ?? path.through ?? '')
}

function unknown(actor: ActorAspect & { kind: 'missing' }, source: string, called: string): Accessor {
  const name = called === '' ? 'nobody known' : `nobody known, called ${called}`
  return { id: `unknown:${source}:${called}:${actor.reason}`, kind: 'unknown', name, keys: [], reason: actor.reason }
}

function ofPrincipal(principal: Principal, hops: Hops): Accessor {
  const { key, kind, name } = principal
  if (kind === 'person') return { id: key, kind, name, keys: [key] }
  const repository = repositoryOf(key, hops)
  return {
    id: repository ?? key,
    kind,
    name: repository === undefined ? name : nameOf(name, key),
    keys: [repository ?? key],
  }
}

/** What a run belongs to for good: its repository, by its immutable id where that is recorded. */
function repositoryOf(run: Key, hops: Hops): Key | undefined {
  const bound: Key[] = []
  for (const fact of hops.makersOf(run))
    for (const group of fact.groups)
      if (group.verb === 'binds' && group.trust === 'verified') bound.push(...group.forms.map(({ key }) => key))
  const named = (namespace: string): Key | undefined => bound.filter((key) => namespaceOf(key) === namespace).sort()[0]
  return named('repository') ?? named('repository-name')
}

/** `acme/shop run 4711/1` of one run is `acme/shop` of them all. */
function nameOf(name: string, run: Key): string {
  const value = run.slice(run.lastIndexOf(':') + 1)
  return name.endsWith(` run ${value}`) ? name.slice(0, -` run ${value}`.length) : name
}

/** Runs of one repository that are candidates are one accessor; the chain's own actor stays ambiguous. */
function ofCandidates(candidates: readonly Accessor[]): Accessor {
  const distinct = [...new Map(candidates.map((each) => [each.id, each])).values()].sort((a, b) =>
    a.id < b.id ? -1 : 1,
  )
  const [only] = distinct
  if (only !== undefined && distinct.length === 1) return only
  const id = `ambiguous:${hash('sha256', distinct.map((each) => each.id).join('\n'), 'hex').slice(0, 32)}`
  return {
    id,
    kind: 'ambiguous',
    name: distinct.map(({ name }) => name).join(' or '),
    keys: distinct.flatMap(({ keys }) => keys),
  }
}
