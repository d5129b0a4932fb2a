import type { DecisionEvent, Instant, Key } from '@catena/domain'
import type { CredentialKind, LocationKind, StewardRole } from './state.js'

/** Events of the stream of one credential. `credential` is its id, so that read models need not take streams' names apart. */
type OfCredential = { readonly credential: string }
type NamedData = OfCredential & { readonly key: Key; readonly name: string }

export type DeclaredFactsData = {
  readonly kind?: CredentialKind
  readonly environment?: string
  readonly purpose?: string
  readonly scope?: string
  readonly shared?: boolean
  readonly rotationDays?: number
  readonly reaches?: string[]
}

type CopyData = OfCredential & { readonly kind: LocationKind; readonly place: string; readonly version?: number }
type CheckoutData = NamedData & { readonly from: Instant; readonly to?: Instant }

export type StewardshipEvent =
  | {
      readonly type: 'CredentialRegistered'
      readonly data: OfCredential & { readonly system: string; readonly path: string }
    }
  | { readonly type: 'CredentialOwnerAssigned'; readonly data: NamedData & { readonly reason?: string } }
  | { readonly type: 'CredentialOwnershipAttested'; readonly data: OfCredential & { readonly owner: Key } }
  | { readonly type: 'CredentialStewardAdded'; readonly data: NamedData & { readonly role: StewardRole } }
  | {
      readonly type: 'CredentialStewardRemoved'
      readonly data: OfCredential & { readonly key: Key; readonly role: StewardRole }
    }
  | { readonly type: 'CredentialFactsDeclared'; readonly data: OfCredential & DeclaredFactsData }
  | { readonly type: 'CredentialCheckoutDeclared'; readonly data: CheckoutData }
  | { readonly type: 'CredentialCopyDeclared'; readonly data: CopyData }
  | {
      readonly type: 'CredentialCopyCleared'
      readonly data: OfCredential & { readonly kind: LocationKind; readonly place: string }
    }

const TYPES: ReadonlySet<string> = new Set<StewardshipEvent['type']>([
  'CredentialRegistered',
  'CredentialOwnerAssigned',
  'CredentialOwnershipAttested',
  'CredentialStewardAdded',
  'CredentialStewardRemoved',
  'CredentialFactsDeclared',
  'CredentialCheckoutDeclared',
  'CredentialCopyDeclared',
  'CredentialCopyCleared',
])

export function isStewardshipEvent(event: DecisionEvent): event is StewardshipEvent {
  return TYPES.has(event.type)
}
