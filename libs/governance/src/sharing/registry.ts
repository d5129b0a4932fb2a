import type { Decider, DecisionEvent } from '@catena/domain'
import { alert } from './alert.js'
import { breakGlass } from './break-glass.js'
import { exception } from './exception.js'
import { exposure } from './exposure.js'
import { grant } from './grant.js'
import { incident } from './incident.js'
import { jobToken } from './job-token.js'
import { migration } from './migration.js'
import type { SharedThing } from './party.js'
import { signingRelease } from './signing-release.js'
import { workflow } from './workflow.js'

/** What sharing is made of: a kind of stream each, by the prefix of its name. */
export const SHARING = {
  'sharing-workflow': workflow,
  grant,
  'break-glass': breakGlass,
  incident,
  migration,
  exception,
  'signing-release': signingRelease,
  'job-token': jobToken,
  exposure,
  alert,
} as const

export type SharingKind = keyof typeof SHARING
export const SHARING_KINDS = Object.keys(SHARING) as SharingKind[]

/** The commands of one kind of sharing. */
export type SharingCommandOf<Kind extends SharingKind> = Parameters<(typeof SHARING)[Kind]['decide']>[1]

type StateOf<D> = D extends { readonly initial: infer State } ? State : never
export type SharingState<Kind extends SharingKind = SharingKind> = StateOf<(typeof SHARING)[Kind]>

/** One thing of sharing, as known at a cut and up to a moment. */
export type SharingEntry = {
  [Kind in SharingKind]: {
    readonly kind: Kind
    readonly id: string
    readonly state: SharingState<Kind>
    /** Of the decisions behind it, ascending. */
    readonly positions: readonly number[]
  }
}[SharingKind]

/** Events that come again and again and of which the newest counts. */
export const HEARTBEATS: ReadonlySet<string> = new Set(['CompensationHeard', 'AlertHeard'])

export function sharingStream(kind: SharingKind, id: string): string {
  return `${kind}:${id}`
}

/** Which thing a stream tells of; undefined: none of sharing. */
export function thingOf(stream: string): { readonly kind: SharingKind; readonly id: string } | undefined {
  const colon = stream.indexOf(':')
  const kind = SHARING_KINDS.find((each) => each === stream.slice(0, colon))
  return kind === undefined ? undefined : { kind, id: stream.slice(colon + 1) }
}

/** Any of the deciders, its types forgotten: for the view, which folds them all alike. */
export function foldOf(kind: SharingKind): Pick<Decider<SharedThing, never, DecisionEvent>, 'initial' | 'evolve'> {
  return SHARING[kind]
}
