import type { Instant, Key } from '@catena/domain'
import type { AccessorKind } from '../history/accessor.js'
import type { CredentialHistory } from '../history/credential-history.js'
import { DAY_MS, isDynamic, isKeptKey, isUsedByMany, lastRotation, perhapsRotatedSince } from '../history/questions.js'
import type { Owner } from '../ownership/rules.js'
import type { CredentialKind, LocationKind } from '../ownership/state.js'

/** Seen in records, or said by people. */
export type Basis = 'observed' | 'declared'

export interface Location {
  readonly kind: LocationKind
  readonly place: string
  readonly basis: Basis
  readonly version?: number
  /** It may still hold what was before the last rotation, or before an update of which no record tells whether it was one. */
  readonly residual: boolean
}

export interface Extractor {
  readonly name: string
  readonly kind: AccessorKind
  readonly lastAt: Instant
}

/** What is known of a credential; what no record and nobody says is left out, never guessed. */
export interface InventoryEntry {
  readonly id: string
  readonly system: string
  readonly name: string
  /** Declared; records do not tell a password from a token. */
  readonly kind?: CredentialKind
  readonly issuance: 'static' | 'dynamic' | 'kept key' | 'unknown'
  readonly shared: { readonly observed: boolean; readonly declared?: boolean }
  readonly owner?: Owner
  readonly environment?: string
  readonly environmentsSeen: readonly string[]
  readonly purpose?: string
  readonly scope?: string
  readonly privilegedBy?: string
  readonly versionsSeen: number
  /** The last that is certain. */
  readonly lastRotation?: Instant
  /** Of what it holds; at least so much where no rotation is recorded. Absent where no record tells whether an update since gave it another value. */
  readonly ageDays?: { readonly days: number; readonly atLeast: boolean }
  readonly lastUse?: Instant
  readonly locations: readonly Location[]
  readonly extractors: readonly Extractor[]
  /** Who obtained it lately, and what is declared to be reached with it (R1.11). */
  readonly reach: {
    readonly workloads: readonly Key[]
    readonly agents: readonly Key[]
    readonly people: readonly Key[]
    readonly declared: readonly string[]
  }
}

export function inventoryEntry(history: CredentialHistory): InventoryEntry {
  const { id, slot, stewardship, accessors, owner, privileged } = history
  const { declared } = stewardship
  const rotation = lastRotation(history)
  const since = rotation?.at ?? history.firstSeenAt
  const uses = accessors.flatMap(({ lastAt }) => lastAt ?? [])
  const keysOf = (kind: AccessorKind): Key[] =>
    accessors
      .filter(({ accessor, lastAt }) => accessor.kind === kind && lastAt !== undefined)
      .flatMap(({ accessor }) => accessor.keys)
  return {
    id,
    system: slot.system,
    name: `${slot.container ?? ''}${slot.path}`,
    issuance: issuanceOf(history),
    shared: { observed: isUsedByMany(history), ...present('declared', declared.shared) },
    environmentsSeen: [...new Set(accessors.flatMap(({ environments }) => environments))].sort(),
    versionsSeen: new Set([
      ...history.changes.flatMap(({ version }) => version ?? []),
      ...history.retrievals.flatMap(({ version }) => version ?? []),
    ]).size,
    locations: locationsOf(history),
    extractors: accessors
      .flatMap(({ accessor, lastAt }) =>
        lastAt === undefined ? [] : [{ name: accessor.name, kind: accessor.kind, lastAt }],
      )
      .sort((a, b) => b.lastAt - a.lastAt),
    reach: {
      workloads: keysOf('workload'),
      agents: keysOf('agent'),
      people: keysOf('person'),
      declared: declared.reaches ?? [],
    },
    ...present('kind', declared.kind),
    ...present('owner', owner),
    ...present('environment', declared.environment),
    ...present('purpose', declared.purpose),
    ...present('scope', declared.scope),
    ...present('privilegedBy', privileged?.id),
    ...present('lastRotation', rotation?.at),
    ...present(
      'ageDays',
      since === undefined || perhapsRotatedSince(history, since).length > 0
        ? undefined
        : { days: Math.floor((history.at - since) / DAY_MS), atLeast: rotation === undefined },
    ),
    ...present('lastUse', uses.length === 0 ? undefined : Math.max(...uses)),
  }
}

function issuanceOf(history: CredentialHistory): InventoryEntry['issuance'] {
  const dynamic = isDynamic(history)
  if (dynamic === undefined) return 'unknown'
  if (dynamic) return 'dynamic'
  return isKeptKey(history) ? 'kept key' : 'static'
}

/** The slot itself, declared copies, and whoever took it out: a copy lives on where it was taken to. */
function locationsOf(history: CredentialHistory): Location[] {
  const { slot, stewardship, accessors, changes } = history
  const rotation = lastRotation(history)
  const slotItself: Location[] =
    stewardship.registration === undefined || changes.length > 0
      ? [
          {
            kind: 'vault',
            place: `${slot.system} ${slot.container ?? ''}${slot.path}`,
            basis: 'observed',
            residual: false,
            ...present('version', rotation?.version),
          },
        ]
      : []
  const copies = stewardship.copies.map(({ kind, place, version, at }): Location => ({
    kind,
    place,
    basis: 'declared',
    ...present('version', version),
    residual:
      perhapsRotatedSince(history, at).length > 0 ||
      (rotation !== undefined &&
        (version !== undefined && rotation.version !== undefined ? version < rotation.version : at < rotation.at)),
  }))
  const taken =
    isDynamic(history) === false && !isKeptKey(history) ? accessors.filter(({ lastAt }) => lastAt !== undefined) : []
  const runtime = taken.map(({ accessor, lastAt = 0, newest }): Location => ({
    kind: 'runtime',
    place: accessor.name,
    basis: 'observed',
    ...present('version', newest.version),
    residual: perhapsRotatedSince(history, lastAt).length > 0 || (rotation !== undefined && lastAt < rotation.at),
  }))
  return [...slotItself, ...copies, ...runtime]
}

/** The member, unless it is undefined. */
function present<K extends string, V>(name: K, value: V | undefined): { readonly [P in K]?: V } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [P in K]?: V }
}
