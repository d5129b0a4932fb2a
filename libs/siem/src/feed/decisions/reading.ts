import { formatInstant, type Instant, type Outcome } from '@catena/domain'
import type { FeedContent } from '../event.js'
import type { FeedKind, Severity } from '../kinds.js'
import type { DataOf } from './domain-event.js'

export type Told = Pick<FeedContent, 'subject' | 'group' | 'entity' | 'credential' | 'details' | 'related'>
type Details = Readonly<Record<string, string | undefined>>

/**
 * What a type of decision event becomes. Only what is named here leaves; whatever else the data holds stays inside. A reading
 * never throws.
 */
export interface DecisionReading<Data> {
  readonly kind: FeedKind | ((data: Data) => FeedKind)
  /** Left out: that of the kind. */
  readonly severity?: Severity | ((data: Data) => Severity)
  /** Of what was tried or tested; left out: the command succeeded. */
  readonly outcome?: Outcome | ((data: Data) => Outcome)
  /** What is told beside kind, actor and time; of an entity that is not told the stream stands in its place. */
  readonly tell?: (data: Data) => Told
}

/** A reading for every type of these events: one without does not compile. */
export type ReadingsOf<E extends { readonly type: string }> = {
  readonly [Type in E['type']]: DecisionReading<Stored<DataOf<E, Type>>>
}

/** What an older version of Catena wrote may lack any member. */
type Stored<Data> = { readonly [Name in keyof Data]?: Data[Name] | undefined }

/** The first credential is what the event is about; where there are more, all of them stand in the details. */
export function ofCredentials(credentials: readonly (string | undefined)[] | undefined, details: Details = {}): Told {
  const [first] = credentials ?? []
  const all = (credentials?.length ?? 0) > 1 ? credentials?.join(', ') : undefined
  return { ...entity('credential', first), ...detailed({ ...details, credentials: all }) } // prettier-ignore
}

/** Whose rights changed, by key and name. */
export function about(id: string | undefined, name?: string): Pick<FeedContent, 'subject'> {
  if (id === undefined && name === undefined) return {}
  return { subject: { ...(id === undefined ? {} : { id }), ...(name === undefined ? {} : { name }) } }
}

/** Details that have a value. */
export function detailed(details: Details): Pick<FeedContent, 'details'> {
  const known = Object.entries(details).filter((pair): pair is [string, string] => typeof pair[1] === 'string' && pair[1] !== '') // prettier-ignore
  return known.length === 0 ? {} : { details: Object.fromEntries(known) }
}

export function entity(type: string, id: string | undefined, name?: string): Pick<FeedContent, 'entity'> {
  if (id === undefined && name === undefined) return {}
  return { entity: { type, ...about(id, name).subject } }
}

export function named(type: string, name: string | undefined): Told {
  return { entity: { type, name: name ?? 'unknown' } }
}

export function moment(at: Instant | undefined): string | undefined {
  return typeof at === 'number' ? formatInstant(at) : undefined
}
