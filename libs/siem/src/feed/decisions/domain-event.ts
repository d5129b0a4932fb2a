import type { AuthorizationDenied, EvidenceRead, TokenEvent } from '@catena/callers'
import type { DutiesEvent, FindingEvent, OwnershipRulesPublished, PrivilegeRulesPublished, SHARING, StewardshipEvent, VerdictChange, VerdictChanged } from '@catena/governance' // prettier-ignore
import type { IdentityEvent } from '@catena/identity'
import type { ArchiveManifest, ErasureRequest } from '@catena/ledger'
import type { BacklogEvent, CampaignEvent, DefinitionEvent, ItemEvent } from '@catena/recertification'
import type { CourseEvent } from '@catena/remediation'
import type { NotificationEvent } from '@catena/notification'
import type { DestinationEvent } from '../../delivery/destinations/decider.js'

type EventOf<D> = D extends { evolve(state: never, event: infer Event, ...rest: never[]): unknown } ? Event : never
interface Event<Type extends string, Data> {
  readonly type: Type
  readonly data: Data
}

/** A kind of stream that joins the registry of sharing joins this by itself. */
export type SharingDecision = EventOf<(typeof SHARING)[keyof typeof SHARING]> | DutiesEvent
/** What the feed tells of one control; the ledger has all that one judgement changed in one event. */
export type VerdictOfControl = Event<VerdictChanged['type'], VerdictChange & Pick<VerdictChanged['data'], 'credential'>>
export type GovernanceDecision = StewardshipEvent | OwnershipRulesPublished | PrivilegeRulesPublished | VerdictOfControl | FindingEvent // prettier-ignore
export type ReviewDecision =
  BacklogEvent | CampaignEvent | DefinitionEvent | ItemEvent | CourseEvent | NotificationEvent
/** What Catena says of itself. */
export type OwnDecision =
  | IdentityEvent
  | TokenEvent
  | DestinationEvent
  | Event<'EvidenceRead', Omit<EvidenceRead, 'caller'>>
  | Event<'AuthorizationDenied', AuthorizationDenied>
  | Event<'EventsErased', Pick<ErasureRequest, 'positions' | 'reason'>>
  | Event<'EventRangeDetached' | 'EventRangeReattached', ArchiveManifest>

/** Everything that a decider or the ledger itself writes; `decisions.spec.ts` looks for deciders that are missing here. */
export type DomainEvent = SharingDecision | GovernanceDecision | ReviewDecision | OwnDecision

/** Data of the events of a type, also where one member of the union carries several types. */
export type DataOf<E, Type> = E extends { readonly type: infer T; readonly data: infer Data }
  ? Type extends T
    ? Data
    : never
  : never
