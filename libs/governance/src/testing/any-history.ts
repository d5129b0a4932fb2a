import { makeKey, type Key } from '@catena/domain'
import type { EmploymentState } from '@catena/directory'
import fc from 'fast-check'
import type { CredentialHistory, PersonRecord } from '../history/credential-history.js'
import { DAY_MS } from '../history/questions.js'
import type { Retrieval } from '../history/retrieval.js'
import type { SharingRecord } from '../history/sharing-record.js'
import { ana, ben, chief, days, history, NOW, person } from './histories.js'
import { anyRetrieval } from './retrievals.js'

const past = fc.integer({ min: days(400), max: NOW })
const anyTime = fc.integer({ min: days(400), max: days(-100) })
const team = makeKey('group', 'keycloak/acme', 'team')
const someone = fc.constantFrom<Key>(ana, ben, chief, team)
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined })
const few = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(value, { maxLength: 2 })
const heartbeat = fc
  .record({
    id: fc.constant('h'),
    positions: fc.constant([40]),
    name: fc.constant('alert'),
    heartbeatMs: fc.integer({ min: 1000, max: 30 * DAY_MS }),
  })
  .chain((one) => maybe(past).map((lastHeardAt) => without({ ...one, lastHeardAt })))
const recorded = { id: fc.constant('x'), positions: fc.constant([41]) }

/** Leaves out members that are undefined, as records do. */
function without<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as never
}

const anyReview = fc
  .record({
    ...recorded,
    item: fc.constant('i'),
    campaign: fc.constantFrom('k', 'l'),
    of: someone.map((key) => ({ kind: 'person' as const, name: key, keys: [key] })),
    askedAt: past,
    answer: fc.constantFrom('open', 'unanswered', 'kept', 'taken', 'gone' as const),
    answerBy: maybe(anyTime),
    decidedAt: maybe(past),
    until: maybe(anyTime),
    dueAt: maybe(anyTime),
    isProven: fc.boolean(),
    isContradicted: fc.boolean(),
  })
  .map(without)

const anySharing = fc
  .record({
    grants: few(
      fc
        .record({
          ...recorded,
          to: someone,
          toRole: fc.boolean(),
          requestedBy: someone,
          approvedBy: maybe(someone),
          approvedByBot: fc.boolean(),
          from: past,
          until: maybe(anyTime),
          endedAt: maybe(past),
          scope: maybe(fc.constant('s')),
        })
        .map(without),
    ),
    breakGlass: few(
      fc
        .record({
          ...recorded,
          activatedAt: past,
          by: someone,
          plannedAt: maybe(past),
          closeDueAt: anyTime,
          reviewDueAt: anyTime,
          closedAt: maybe(past),
          rotatedAt: maybe(past),
          perhapsRotatedAt: maybe(past),
          reviewedAt: maybe(past),
        })
        .map(without),
    ),
    incidents: few(
      fc.record({ ...recorded, responders: few(someone), issuedAt: past, containedAt: maybe(past) }).map(without),
    ),
    migrations: few(fc.record({ ...recorded, until: anyTime, cutoverAt: maybe(past) }).map(without)),
    exceptions: few(
      fc
        .record({
          ...recorded,
          kind: fc.constant('vendor-portal' as const),
          controls: fc.constant(['owner-accountable', 'shared-identity']),
          from: anyTime,
          until: anyTime,
          blastRadius: maybe(fc.constantFrom('', 'one system')),
          compensations: few(heartbeat),
        })
        .map(without),
    ),
    releases: few(fc.record({ ...recorded, approvedBy: maybe(someone), from: past, until: anyTime }).map(without)),
    jobs: few(fc.record({ ...recorded, job: fc.constant('nightly'), disabledAt: maybe(past) }).map(without)),
    exposures: few(
      fc.record({
        ...recorded,
        at: past,
        how: fc.constantFrom('leak', 'scanner', 'misuse', 'insecure-sharing' as const),
        words: fc.constant('w'),
      }),
    ),
    workflows: few(
      fc
        .record({
          ...recorded,
          name: fc.constant('w'),
          owner: maybe(someone),
          approver: maybe(someone),
          windowMs: maybe(fc.constant(1)),
          loggingDestination: maybe(fc.constant('siem')),
          escalation: maybe(fc.constant('e')),
          aiEnabled: fc.boolean(),
          confirmed: maybe(fc.boolean()),
        })
        .map(without),
    ),
    alerts: few(heartbeat),
    reviews: few(anyReview),
  })
  .map((sharing) => without(sharing) as SharingRecord)

const anyPerson = fc
  .record({
    state: fc.constantFrom<EmploymentState>('active', 'on leave', 'disabled', 'left', 'unknown'),
    since: maybe(past),
    moved: few(past),
    memberships: few(fc.record({ saidFrom: maybe(past), saidTo: maybe(past), to: maybe(past), earliest: maybe(past) })),
    absences: few(fc.record({ from: past, to: maybe(past) }).map(without)),
    groupsToldFrom: maybe(past),
  })
  .map(({ state, since, moved, memberships, absences, groupsToldFrom }) => (key: Key): PersonRecord => ({
    ...person(key, state, since),
    ...without({ groupsToldFrom }),
    absences,
    memberships: memberships.map((one) => ({
      ...without(one),
      group: team,
      groupName: 'team',
      person: key,
      readBack: one.saidFrom === undefined,
      evidence: [9],
    })),
    changes: moved.sort((a, b) => a - b).map((at) => ({ kind: 'moved', person: key, at, evidence: [6] })),
  }))

const anyStewardship = fc.record({
  attested: maybe(past.map((at) => ({ owner: ana, at, by: ana }))),
  copies: few(
    fc
      .record({
        kind: fc.constantFrom('vault', 'code', 'runtime' as const),
        place: fc.string(),
        at: past,
        by: fc.constant('x'),
        version: maybe(fc.integer({ min: 1, max: 5 })),
      })
      .map(without),
  ),
  declared: fc
    .record({
      kind: maybe(fc.constantFrom('certificate', 'token', 'dynamic' as const)),
      environment: maybe(fc.constant('production')),
      purpose: maybe(fc.constant('p')),
      shared: maybe(fc.boolean()),
      rotationDays: maybe(fc.integer({ min: 1, max: 400 })),
    })
    .map(without),
})

/** Any history that the pipeline could load: nothing observed lies after the moment. */
export function anyHistory(): fc.Arbitrary<CredentialHistory> {
  return fc
    .record({
      retrievals: fc.array(anyRetrieval(NOW), { maxLength: 8 }),
      changes: fc.array(
        fc
          .record({
            at: past,
            how: fc.constantFrom('written', 'deleted', 'destroyed', 'restored' as const),
            version: maybe(fc.integer({ min: 1, max: 5 })),
            versions: maybe(fc.subarray([1, 2, 3, 4, 5], { minLength: 1 })),
            versionsHidden: maybe(fc.constant(true as const)),
            perhaps: maybe(fc.constant(true as const)),
            positions: fc.constant([8]),
          })
          .map(without),
        { maxLength: 4 },
      ),
      teardowns: few(
        fc.record({
          at: past,
          thing: fc.constantFrom('environment', 'pipeline' as const),
          name: fc.constant('preview'),
          positions: fc.constant([10]),
        }),
      ),
      people: fc.tuple(maybe(anyPerson), maybe(anyPerson)),
      anyHere: maybe(fc.constantFrom('yes', 'perhaps', 'no' as const)),
      owner: maybe(someone.map((key) => ({ key, name: 'owner', at: days(300), by: 'x' }))),
      privileged: maybe(fc.constant({ id: 'rule', path: '**' })),
      firstSeenAt: maybe(past),
      older: fc.boolean(),
      coverage: maybe(past.map((to) => ({ from: days(500), to }))),
      gaps: few(fc.tuple(past, past).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))),
      stewardship: anyStewardship,
      sharing: anySharing,
    })
    .map(
      ({
        retrievals,
        changes,
        teardowns,
        people: [a, b],
        anyHere,
        coverage,
        gaps,
        owner,
        privileged,
        firstSeenAt,
        older,
        stewardship,
        sharing,
      }) => {
        const people = { ...(a === undefined ? {} : { [ana]: a(ana) }), ...(b === undefined ? {} : { [ben]: b(ben) }) }
        const source = {
          id: 'vault',
          kind: 'vault' as const,
          gaps,
          ...(coverage === undefined ? {} : { coverage }),
        }
        const rest = without({ owner, privileged })
        const made = history({
          retrievals: [...retrievals].sort(newestFirst),
          changes: changes.sort((x, y) => x.at - y.at),
          teardowns: teardowns.sort((x, y) => x.at - y.at),
          people,
          teams: anyHere === undefined ? {} : { [team]: { key: team, anyHere, evidence: [9] } },
          older,
          sources: [source],
          sharing,
          stewardship: without(stewardship),
          ...rest,
        })
        const seen = Object.fromEntries(
          Object.entries(made).filter(([name]) => name !== 'firstSeenAt'),
        ) as never as CredentialHistory
        return firstSeenAt === undefined ? seen : { ...made, firstSeenAt }
      },
    )
}

function newestFirst(a: Retrieval, b: Retrieval): number {
  return b.at - a.at
}
