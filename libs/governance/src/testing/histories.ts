import { makeKey, type Key } from '@catena/domain'
import type { EmploymentState } from '@catena/directory'
import { summarise } from '../access-summary/access-summary.js'
import type { CredentialHistory, PersonRecord, SlotChange } from '../history/credential-history.js'
import type { AccessReview } from '../history/access-review.js'
import { DAY_MS } from '../history/questions.js'
import { NO_SHARING, type SharingGrant, type SharingRecord } from '../history/sharing-record.js'
import { UNSTEWARDED, type Stewardship } from '../ownership/state.js'
import { ANA, BEN, retrieval } from './retrievals.js'

export const NOW = Date.parse('2026-03-01T12:00:00Z')
export const days = (count: number): number => NOW - count * DAY_MS
export const [ana, ben] = [ANA.id as Key, BEN.id as Key]
export const chief = makeKey('person', 'keycloak/acme', 'chief')

export function person(key: Key, state: EmploymentState = 'active', since?: number): PersonRecord {
  return {
    key,
    name: key,
    employment: { state, evidence: [5], ...(since === undefined ? {} : { since }) },
    changes: [],
    memberships: [],
    absences: [],
  }
}

export type Given = Partial<Omit<CredentialHistory, 'sharing' | 'stewardship'>> & {
  readonly sharing?: Partial<SharingRecord>
  readonly stewardship?: Partial<Stewardship>
}

/** A static secret that Ana read yesterday and that was rotated ten days ago; she is here, its log is alive, and nobody owns it. */
export function history(given: Given = {}): CredentialHistory {
  const retrievals = given.retrievals ?? [retrieval({ at: days(1) })]
  const id = 'c'.repeat(32)
  return {
    id,
    slot: { system: 'vault/prod-1', container: 'secret/', path: 'payments/stripe' },
    firstSeenAt: days(20),
    position: 100,
    at: NOW,
    older: false,
    changes: [written(10)],
    teardowns: [],
    people: { [ana]: person(ana) },
    sponsors: {},
    teams: {},
    sources: [{ id: 'vault', kind: 'vault', coverage: { from: days(400), to: NOW - 60_000 }, gaps: [] }],
    ...given,
    retrievals,
    accessors: given.accessors ?? summarise(id, retrievals),
    stewardship: { ...UNSTEWARDED, ...given.stewardship },
    sharing: { ...NO_SHARING, ...given.sharing },
  }
}

export function written(daysAgo: number, more: Partial<SlotChange> = {}): SlotChange {
  return { at: days(daysAgo), how: 'written', positions: [7], ...more }
}

export function grant(more: Partial<SharingGrant> = {}): SharingGrant {
  return {
    id: 'g',
    positions: [30],
    to: ana,
    toRole: false,
    requestedBy: ana,
    approvedBy: chief,
    approvedByBot: false,
    from: days(5),
    until: days(-5),
    scope: 'refunds',
    ...more,
  }
}

/** A review of Ana's access, kept unless the test says otherwise. */
export function review(more: Partial<AccessReview> = {}): AccessReview {
  const item = { item: 'i', campaign: 'k', positions: [61], askedAt: days(30), decidedAt: days(20) }
  const of = { kind: 'person', name: 'ana', keys: [ana] } as const
  return { ...item, of, answer: 'kept', isProven: false, isContradicted: false, ...more }
}
