import { makeKey } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { DAY_MS, HOUR_MS } from '../history/questions.js'
import {
  ana,
  ben,
  chief,
  days,
  grant,
  history,
  NOW,
  person,
  review,
  written,
  type Given,
} from '../testing/histories.js'
import { summarise } from '../access-summary/access-summary.js'
import { ANA, BEN, EITHER, NOBODY, retrieval, ROOT, SHOP } from '../testing/retrievals.js'
import type { Verdict } from './control.js'
import { evaluate } from './evaluate.js'
import { CONTROLS } from './registry.js'
import { sharedUse } from './shared-account-use.js'

function verdictOf(control: string, given: Given): Verdict | undefined {
  return evaluate(
    history(given),
    CONTROLS.filter(({ id }) => id === control),
  ).results[0]?.verdict
}
const recorded = { id: 'x', positions: [50] }
const owner = { key: ana, name: 'ana', at: days(9), by: 'x' }
const read = (accessor = ANA, daysAgo = 1, more = {}) =>
  retrieval({ fact: `${accessor.id} ${daysAgo}`, at: days(daysAgo), accessor, ...more })
const approvedBy = (...approvers: readonly (typeof ana)[]) => {
  const approvals = approvers.map(
    (approver) => ({ decision: 'approved', state: 'proven', permits: true, approver, at: days(1) }) as const,
  )
  return read(ANA, 1, { right: { state: 'proven', policies: [], approvals } })
}
const approvedByNobodyNamed = read(ANA, 1, {
  right: {
    state: 'missing',
    policies: [],
    approvals: [{ decision: 'approved', state: 'proven', permits: false, flaw: 'nobody named', at: days(1) }],
  },
})
/** After the use, outside its window, or refused since. */
const approvedOtherwise = ((use) => ({
  ...use,
  right: { ...use.right, approvals: use.right.approvals.map((approval) => ({ ...approval, permits: false })) },
}))(approvedBy(chief))
const lease = (daysAgo: number, more = {}) => read(SHOP, daysAgo, { kind: 'lease-issued', ...more })
const perhapsEnded = (daysAgo: number) => ({ state: 'ambiguous', how: 'revoked', at: days(daysAgo) }) as const
const breakGlass = {
  ...recorded,
  activatedAt: days(3),
  by: ana,
  plannedAt: days(9),
  closeDueAt: days(2),
  reviewDueAt: days(1),
  closedAt: days(2.5),
  rotatedAt: days(2.4),
  reviewedAt: days(1.5),
}
const exception = {
  ...recorded,
  kind: 'vendor-portal',
  controls: ['owner-accountable'],
  from: days(3),
  until: days(-3),
  blastRadius: 'one portal',
  compensations: [{ ...recorded, name: 'log', heartbeatMs: DAY_MS, lastHeardAt: NOW - HOUR_MS }],
} as const
const workflow = {
  ...recorded,
  name: 'deploy',
  owner: ana,
  sharedWith: 'ci',
  approver: chief,
  windowMs: 1,
  loggingDestination: 'siem',
  replacementPath: 'rotate job',
  escalation: 'on call',
  aiEnabled: false,
  confirmed: true,
}
const AGENT = { id: 'agent:a:b', kind: 'agent', name: 'b', keys: [makeKey('agent', 'cloudevents/acme', 'b')] } as const
const heard = (more: object = {}) => ({ id: 'vault', kind: 'vault', coverage: { from: days(400), to: NOW }, gaps: [], ...more }) as const // prettier-ignore
const ended = [written(20), written(10, { how: 'destroyed' })]
/** Within an hour. */
const many = (count: number, more: object) =>
  Array.from({ length: count }, (_, index) => read(ANA, 1 + index / 1_000, more))
const fromPlaces = (count: number) =>
  Array.from({ length: count }, (_, index) => read(NOBODY, 1 + index / 1_000, { address: `10.0.0.${index}` }))
const alert = { ...recorded, name: 'anomaly', heartbeatMs: DAY_MS, lastHeardAt: NOW - HOUR_MS }
const both = [read(), read(BEN)]
const old = [read(ANA, 60), read(BEN, 60)]
const reviewOfBen = (more: Parameters<typeof review>[0] = {}) =>
  review({ of: { kind: 'person', name: 'ben', keys: [ben] }, ...more })
/** By changes that a directory recorded, so many days ago. */
const inGroup = (key: typeof ana, joined = 300, left?: number) => ({
  ...person(key),
  groupsToldFrom: days(joined),
  memberships: [
    {
      group,
      groupName: 'payments',
      person: key,
      readBack: false,
      saidFrom: days(joined),
      earliest: days(joined),
      ...(left === undefined ? {} : { to: days(left) }),
      evidence: [],
    },
  ],
})
/** As a list of so many days ago says, and one of later does not any more. */
const listed = (key: typeof ana, on: number, missingOn?: number) => ({
  ...person(key),
  memberships: [
    {
      group,
      groupName: 'payments',
      person: key,
      readBack: true,
      saidFrom: days(on),
      ...(missingOn === undefined ? {} : { to: days(missingOn), saidTo: days(on) }),
      evidence: [],
    },
  ],
})
/** A person whose groups a directory tells, and who never was in this one. */
const elsewhere = (key: typeof ana) => ({ ...person(key), groupsToldFrom: days(300) })
const group = makeKey('group', 'keycloak/acme', 'payments')

const toGroup = { grants: [grant({ toRole: true, to: group })] }
const teardown = { at: days(3), thing: 'environment', name: 'preview-7', positions: [80] } as const
const team = { key: group, name: 'payments', at: days(9), by: 'x' }
const away = (from: number, to?: number) => ({
  ...person(ana),
  absences: [{ from: days(from), ...(to === undefined ? {} : { to: days(to) }) }],
})

type Case = readonly [requirement: string, control: string, verdict: Verdict | undefined, given: Given]

const CROSSED = { findings: [{ kind: 'unconfirmed crossing', words: 'a call left its boundary' }] } as const

/** Each failure beside a twin that nearly looks the same and is none. */
const CASES: readonly Case[] = [
  ['R1.3', 'identity-attribution', 'uncontrolled', { retrievals: [read(), read(NOBODY)] }],
  ['R1.3', 'identity-attribution', 'controlled', { retrievals: [read(), read(NOBODY, 91)] }],
  ['R1.6', 'shared-identity', 'uncontrolled', { retrievals: [read(ROOT)] }],
  ['R1.6', 'shared-identity', 'controlled', { retrievals: both }],
  ['R1.6', 'human-use-of-workload', 'uncontrolled', { retrievals: [read(SHOP), read()] }],
  ['R1.6', 'human-use-of-workload', 'controlled', { retrievals: [read(SHOP), read()], owner }],
  [
    'R1.8',
    'task-context',
    'uncontrolled',
    {
      privileged: { id: 'r' },
      retrievals: [read(ANA, 1, { right: { state: 'missing', policies: [], approvals: [] } })],
    },
  ],
  [
    'R1.8',
    'task-context',
    'unknown',
    {
      privileged: { id: 'r' },
      retrievals: [
        read(ANA, 1, {
          right: { state: 'missing', reason: 'not recorded by that source', policies: [], approvals: [] },
        }),
      ],
    },
  ],
  ['R1.8', 'task-context', 'controlled', { privileged: { id: 'r' } }],
  [
    'R1.6',
    'borrowed-identity',
    'uncontrolled',
    { retrievals: many(11, { caveats: ['custody: address differs'], actor: { state: 'inferred' } }) },
  ],
  ['R1.6', 'borrowed-identity', undefined, { retrievals: many(11, {}) }],
  ['R1.6', 'borrowed-identity', 'controlled', { retrievals: many(10, { caveats: ['custody: address differs'] }) }],
  ['R1.6', 'shared-identity', 'uncontrolled', { retrievals: fromPlaces(6) }],
  ['R1.6', 'shared-identity', 'controlled', { retrievals: fromPlaces(5) }],
  [
    'R1.6',
    'human-use-of-workload',
    'uncontrolled',
    { retrievals: [read(ANA, 1, { address: '10.0.0.1' }), read(NOBODY, 1, { address: '10.0.0.1' })] },
  ],
  [
    'R1.6',
    'human-use-of-workload',
    undefined,
    { retrievals: [read(ANA, 1, { address: '10.0.0.1' }), read(NOBODY, 1, { address: '10.0.0.2' })] },
  ],
  [
    'R1.6',
    'human-use-of-workload',
    'controlled',
    {
      retrievals: [read(SHOP), read()],
      people: { [ana]: inGroup(ana) },
      owner: { key: group, name: 'payments', at: days(9), by: 'x' },
    },
  ],
  // Who was of the team when it was obtained counts: who left since, or joined since, is judged by that moment.
  ...(
    [
      ['controlled', inGroup(ana, 300, 0.5), team],
      ['uncontrolled', inGroup(ana, 300, 2), team],
      ['uncontrolled', inGroup(ana, 0.5), team],
      ['controlled', listed(ana, 2), team],
      ['unknown', listed(ana, 0.5), team],
      ['unknown', listed(ana, 3, 0.5), team],
      ['uncontrolled', listed(ana, 9, 2), team],
      ['uncontrolled', elsewhere(ana), team],
      ['unknown', person(ana), team],
      ['unknown', { ...elsewhere(ana), groupsToldFrom: days(0.5) }, team],
    ] as const
  ).map(([verdict, anas, own]): Case => [
    'R3.3',
    'human-use-of-workload',
    verdict,
    { retrievals: [read(SHOP), read()], people: { [ana]: anas }, owner: own },
  ]),
  [
    'R3.3',
    'human-use-of-workload',
    'unknown',
    {
      retrievals: [read(SHOP), read()],
      people: { [ana]: elsewhere(ana) },
      owner: { ...team, key: makeKey('group', 'okta/acme', 'payments') },
    },
  ],
  [
    'R2.2',
    'human-use-of-workload',
    'controlled',
    {
      retrievals: [read(SHOP), read()],
      people: { [ana]: inGroup(ana) },
      owner: { ...owner, key: ben },
      stewardship: { stewards: [{ ...team, role: 'custodian' }] },
    },
  ],
  // Who handed it over since had it by right.
  ...(
    [
      ['controlled', 0.5],
      ['uncontrolled', 2],
    ] as const
  ).map(([verdict, to]): Case => [
    'R2.2',
    'human-use-of-workload',
    verdict,
    {
      retrievals: [read(SHOP), read()],
      owner: { ...owner, key: ben },
      stewardship: { former: [{ key: ana, name: 'ana', from: days(99), to: days(to) }] },
    },
  ]),
  // Of many retrievals the older ones are not looked at one by one.
  ...(
    [
      ['controlled', inGroup(ana)],
      ['unknown', inGroup(ana, 30, 0.1)],
    ] as const
  ).map(([verdict, anas]): Case => [
    'R3.3',
    'human-use-of-workload',
    verdict,
    {
      retrievals: [read(SHOP, 0.2), read()],
      older: true,
      people: { [ana]: anas },
      owner: team,
      accessors: summarise('c'.repeat(32), [read(SHOP, 0.2), read(), read(ANA, 40)]),
    },
  ]),
  ['R2.1', 'still-used', 'uncontrolled', { retrievals: [read(ANA, 91)] }],
  ['R2.1', 'still-used', 'controlled', { retrievals: [read(ANA, 89)] }],
  [
    'R2.1',
    'still-used',
    undefined,
    { retrievals: [read(ANA, 91)], changes: [written(99), written(9, { how: 'destroyed' })] },
  ],
  // Lost records are no disuse, unless another source has them, or they are of before the period.
  ...(
    [
      ['unknown', [heard({ gaps: [{ from: days(99), to: days(1) }] })]],
      ['uncontrolled', [heard({ gaps: [{ from: days(99), to: days(1) }] }), heard()]],
      ['uncontrolled', [heard({ gaps: [{ from: days(99), to: days(95) }] })]],
    ] as const
  ).map(([verdict, sources]): Case => ['R2.1', 'still-used', verdict, { retrievals: [read(ANA, 100)], sources }]),
  [
    'R3.2',
    'issuance-limited',
    'uncontrolled',
    { retrievals: [read(NOBODY, 1, { token: { madeAt: days(9), positions: [3] } })] },
  ],
  [
    'R3.2',
    'issuance-limited',
    'uncontrolled',
    { retrievals: [read(NOBODY, 1, { token: { madeAt: days(1), endless: true, positions: [3] } })] },
  ],
  [
    'R3.2',
    'issuance-limited',
    'controlled',
    { retrievals: [read(NOBODY, 1, { token: { madeAt: days(2), endless: false, positions: [3] } })] },
  ],
  [
    'R3.5',
    'incident-token-dead',
    'unknown',
    { retrievals: [read(NOBODY)], sharing: { incidents: [{ ...recorded, responders: [ana], issuedAt: days(2) }] } },
  ],
  [
    'R4.1',
    'leaver-revoked',
    'uncontrolled',
    { retrievals: [read(ANA, 0.2)], people: { [ana]: person(ana, 'left', days(0.3)) } },
  ],
  [
    'R9.1',
    'agent-identity',
    'uncontrolled',
    { retrievals: [read(AGENT, 1, { findings: [{ kind: 'human account used autonomously', words: 'at night' }] })] },
  ],
  ['R9.1', 'agent-identity', 'controlled', { retrievals: [read(AGENT)] }],
  ['R9.1', 'extraction-known', 'controlled', { retrievals: [read(AGENT)] }],
  ['R9.1', 'identity-attribution', 'controlled', { retrievals: [read(AGENT)] }],
  // An agent under an identity of its own is one actor as a workload is; whom nobody knows is none.
  ...(
    [
      ['controlled', 'proven'],
      ['controlled', 'inferred'],
      ['uncontrolled', 'ambiguous'],
      ['uncontrolled', 'missing'],
    ] as const
  ).map(([verdict, state]): Case => [
    'R9.1',
    'shared-account-use',
    verdict,
    {
      retrievals: [read(), read(AGENT, 1, { actor: { state } })],
      sharing: { grants: [grant(), ...AGENT.keys.map((to) => grant({ to }))] },
    },
  ]),
  [
    'R1.12',
    'access-fit',
    'uncontrolled',
    {
      retrievals: [read(ANA, 9), read(ANA, 1)],
      people: { [ana]: { ...person(ana), changes: [{ kind: 'moved', person: ana, at: days(5), evidence: [] }] } },
    },
  ],
  // By a role that it is granted to, and that the person was in when it was obtained; or that the person left by the move.
  ...(
    [
      ['controlled', inGroup(ana, 5)],
      ['uncontrolled', inGroup(ana, 300, 5)],
      ['uncontrolled', inGroup(ana, 0.5)],
    ] as const
  ).map(([verdict, anas]): Case => [
    'R1.12',
    'access-fit',
    verdict,
    {
      retrievals: [read(ANA, 9), read(ANA, 1)],
      people: { [ana]: { ...anas, changes: [{ kind: 'moved', person: ana, at: days(5), evidence: [] }] } },
      sharing: toGroup,
    },
  ]),
  [
    'R1.12',
    'access-fit',
    'controlled',
    {
      retrievals: [read(ANA, 9), read(ANA, 6)],
      people: { [ana]: { ...person(ana), changes: [{ kind: 'moved', person: ana, at: days(5), evidence: [] }] } },
    },
  ],
  ['R1.12', 'access-fit', 'unknown', { people: {} }],
  ['R2.1', 'rotation-age', 'uncontrolled', { changes: [written(91)] }],
  ['R2.1', 'rotation-age', 'controlled', { changes: [written(89)] }],
  ['R2.1', 'rotation-age', 'unknown', { changes: [] }],
  // That it is issued anew each time is not taken from what somebody says, where records show it read.
  [
    'R4.2',
    'leaver-revoked',
    'uncontrolled',
    {
      people: { [ana]: person(ana, 'left', days(0.5)) },
      at: NOW + DAY_MS,
      stewardship: { declared: { kind: 'dynamic' } },
    },
  ],
  ['R2.1', 'rotation-age', 'uncontrolled', { changes: [written(91)], stewardship: { declared: { kind: 'dynamic' } } }],
  ['R2.1', 'rotation-age', undefined, { retrievals: [lease(1)], stewardship: { declared: { kind: 'dynamic' } } }],
  ['R2.1', 'rotation-age', undefined, { retrievals: [], stewardship: { declared: { kind: 'dynamic' } } }],
  // What was only asked for may have been done, or not.
  ['R2.1', 'rotation-age', 'unknown', { changes: [written(91), written(5, { perhaps: true })] }],
  ['R2.1', 'rotation-age', 'uncontrolled', { changes: [written(200), written(91, { perhaps: true })] }],
  ['R2.1', 'rotation-age', 'controlled', { changes: [written(9), written(5, { perhaps: true })] }],
  ['R2.2', 'owner-accountable', 'uncontrolled', {}],
  ['R2.2', 'owner-accountable', 'uncontrolled', { owner, people: { [ana]: person(ana, 'left') } }],
  [
    'R2.2',
    'owner-accountable',
    'uncontrolled',
    { owner: { ...owner, key: makeKey('repository', 'github/github.com', '9') } },
  ],
  // A program answers by its sponsors: one who is here is enough.
  ...(
    [
      ['controlled', { [ana]: person(ana) }],
      ['uncontrolled', { [ana]: person(ana, 'left', days(5)) }],
      ['controlled', { [ana]: person(ana, 'left', days(5)), [ben]: person(ben) }],
      ['uncontrolled', { [ana]: person(ana, 'left', days(5)), [ben]: person(ben, 'disabled') }],
      ['unknown', { [ana]: person(ana, 'left', days(5)), [ben]: person(ben, 'unknown') }],
    ] as const
  ).map(([verdict, people]): Case => {
    const [workload] = SHOP.keys as [typeof ana]
    const sponsors = Object.keys(people).map((sponsor) => ({ workload, sponsor: sponsor as typeof ana, evidence: [6] }))
    const given = { owner: { ...owner, key: workload }, people, sponsors: { [workload]: sponsors } }
    return ['R2.2', 'owner-accountable', verdict, given]
  }),
  [
    'R2.2',
    'owner-accountable',
    'unknown',
    {
      owner: { ...owner, key: SHOP.keys[0]! },
      people: {},
      sponsors: { [SHOP.keys[0]!]: [{ workload: SHOP.keys[0]!, sponsor: ana, evidence: [6] }] },
    },
  ],
  ['R2.2', 'owner-accountable', 'controlled', { owner }],
  ['R2.2', 'owner-accountable', 'unknown', { owner, people: {} }],
  // A team answers by its members, as an owner and as a sponsor: one who is here is enough, and of a team that no directory knows nobody can tell.
  ...(
    [
      ['unknown', undefined],
      ['unknown', 'perhaps'],
      ['uncontrolled', 'no'],
      ['controlled', 'yes'],
    ] as const
  ).flatMap(([verdict, anyHere]): Case[] => {
    const teams = anyHere === undefined ? {} : { [group]: { key: group, anyHere, evidence: [6] } }
    const [workload] = SHOP.keys as [typeof ana]
    const sponsors = { [workload]: [{ workload, sponsor: group, evidence: [6] }] }
    return [
      ['R2.2', 'owner-accountable', verdict, { owner: { ...owner, key: group }, teams }],
      ['R2.2', 'owner-accountable', verdict, { owner: { ...owner, key: workload }, sponsors, teams }],
    ]
  }),
  [
    'R2.2',
    'owner-attested',
    'uncontrolled',
    { owner, stewardship: { attested: { owner: ben, at: days(1), by: ben } } },
  ],
  ['R2.2', 'owner-attested', 'controlled', { owner, stewardship: { attested: { owner: ana, at: days(1), by: ana } } }],
  [
    'R2.3',
    'residual-copies',
    'uncontrolled',
    { stewardship: { copies: [{ kind: 'ci-variable', place: 'p', at: days(11), by: 'x' }] } },
  ],
  [
    'R2.3',
    'residual-copies',
    'controlled',
    { stewardship: { copies: [{ kind: 'ci-variable', place: 'p', at: days(9), by: 'x' }] } },
  ],
  ...(
    [
      ['unknown', 9],
      ['controlled', 4],
    ] as const
  ).map(([verdict, made]): Case => [
    'R2.3',
    'residual-copies',
    verdict,
    {
      changes: [written(10), written(5, { perhaps: true })],
      stewardship: { copies: [{ kind: 'ci-variable', place: 'p', at: days(made), by: 'x' }] },
    },
  ]),
  [
    'R2.4',
    'shared-private-key',
    'uncontrolled',
    { retrievals: both, stewardship: { declared: { kind: 'certificate' } } },
  ],
  // Who was refused since still has it; who was only refused never had it.
  [
    'R2.4',
    'shared-private-key',
    'uncontrolled',
    {
      retrievals: [...both, read(BEN, 0.5, { outcome: 'denied' })],
      stewardship: { declared: { kind: 'private-key' } },
    },
  ],
  [
    'R2.4',
    'shared-private-key',
    'unknown',
    { retrievals: [read(BEN, 1, { outcome: 'denied' })], stewardship: { declared: { kind: 'private-key' } } },
  ],
  ['R2.4', 'shared-private-key', 'controlled', { stewardship: { declared: { kind: 'certificate' } } }],
  [
    'R2.4',
    'insecure-location',
    'uncontrolled',
    { stewardship: { copies: [{ kind: 'code', place: 'repo', at: days(1), by: 'x' }] } },
  ],
  [
    'R2.4',
    'insecure-location',
    'controlled',
    { stewardship: { copies: [{ kind: 'vault', place: 'dr', at: days(1), by: 'x' }] } },
  ],
  ['R2.5', 'extraction-known', 'unknown', { retrievals: [read(ROOT)] }],
  ['R2.5', 'extraction-known', 'controlled', {}],
  [
    'R2.7',
    'source-alive',
    'uncontrolled',
    { sources: [{ id: 'v', kind: 'vault', gaps: [], coverage: { from: 0, to: days(2) } }] },
  ],
  [
    'R2.7',
    'source-alive',
    'controlled',
    {
      sources: [{ id: 'v', kind: 'vault', gaps: [], coverage: { from: 0, to: days(2) }, heartbeatSeconds: 3 * 86_400 }],
    },
  ],
  ['R2.7', 'source-alive', 'unknown', { sources: [] }],
  ['R3.1', 'request-approved', 'uncontrolled', { retrievals: both, sharing: { grants: [grant()] } }],
  [
    'R3.1',
    'request-approved',
    'controlled',
    {
      people: { [ana]: inGroup(ana), [ben]: inGroup(ben) },
      retrievals: both,
      sharing: { grants: [grant({ toRole: true, to: group })] },
    },
  ],
  [
    'R3.1',
    'request-approved',
    'unknown',
    { retrievals: both, sharing: { grants: [grant({ toRole: true, to: group })] } },
  ],
  [
    'R3.1',
    'request-approved',
    'controlled',
    { retrievals: [approvedBy(chief)], stewardship: { declared: { shared: true } } },
  ],
  [
    'R3.1',
    'request-approved',
    'uncontrolled',
    { retrievals: [approvedOtherwise], stewardship: { declared: { shared: true } } },
  ],
  [
    'R5.8',
    'shared-account-use',
    'uncontrolled',
    { retrievals: [approvedOtherwise], stewardship: { declared: { shared: true } } },
  ],
  ['R3.1', 'requester-not-approver', 'uncontrolled', { sharing: { grants: [grant({ approvedBy: ana })] } }],
  ['R3.1', 'requester-not-approver', 'controlled', { sharing: { grants: [grant()] } }],
  ['R3.1', 'requester-not-approver', 'unknown', { sharing: { grants: [grant({ approvedByBot: true })] } }],
  ['R3.1', 'requester-not-approver', 'uncontrolled', { retrievals: [approvedBy(ana)] }],
  ['R3.1', 'requester-not-approver', 'controlled', { retrievals: [approvedBy(ana, chief)] }],
  ['R3.1', 'requester-not-approver', 'unknown', { retrievals: [approvedByNobodyNamed] }],
  ['R3.2', 'grant-ends', 'uncontrolled', { sharing: { grants: [grant({ until: days(-200) })] } }],
  ['R3.2', 'grant-ends', 'controlled', { sharing: { grants: [grant()] } }],
  ['R3.2', 'issuance-limited', 'uncontrolled', { retrievals: [lease(8)] }],
  [
    'R3.2',
    'issuance-limited',
    'controlled',
    { retrievals: [lease(6), lease(9, { end: { state: 'proven', how: 'expired', at: days(8) } })] },
  ],
  ['R3.3', 'role-based', 'uncontrolled', { sharing: { grants: [grant(), grant({ to: ben }), grant({ to: chief })] } }],
  [
    'R3.3',
    'role-based',
    'controlled',
    { sharing: { grants: [grant(), grant({ to: ben }), grant({ to: group, toRole: true })] } },
  ],
  [
    'R3.3',
    'role-based',
    'controlled',
    {
      sharing: {
        grants: [
          grant(),
          grant({ to: ben }),
          ...SHOP.keys.map((to) => grant({ to })),
          ...AGENT.keys.map((to) => grant({ to })),
        ],
      },
    },
  ],
  [
    'R3.3',
    'role-based',
    'uncontrolled',
    {
      sharing: { grants: [grant(), grant({ to: ben }), grant({ to: makeKey('entra-principal', 'entra/acme', 'x') })] },
    },
  ],
  ['R3.4', 'break-glass-closed', 'uncontrolled', { sharing: { breakGlass: [{ ...breakGlass, plannedAt: days(2) }] } }],
  [
    'R3.4',
    'break-glass-closed',
    'uncontrolled',
    { sharing: { breakGlass: [{ ...breakGlass, reviewedAt: days(0.5) }] } },
  ],
  ['R3.4', 'break-glass-closed', 'controlled', { sharing: { breakGlass: [breakGlass] } }],
  [
    'R3.5',
    'incident-token-dead',
    'uncontrolled',
    { sharing: { incidents: [{ ...recorded, responders: [ana], issuedAt: days(3), containedAt: days(2) }] } },
  ],
  [
    'R3.5',
    'incident-token-dead',
    'controlled',
    { sharing: { incidents: [{ ...recorded, responders: [ana], issuedAt: days(3), containedAt: days(0.5) }] } },
  ],
  [
    'R3.6',
    'migration-cutover',
    'uncontrolled',
    { sharing: { migrations: [{ ...recorded, until: days(1), cutoverAt: days(2) }] } },
  ],
  [
    'R3.6',
    'migration-cutover',
    'controlled',
    { sharing: { migrations: [{ ...recorded, until: days(-1), cutoverAt: days(0.5) }] } },
  ],
  [
    'R3.7',
    'exception-sound',
    'uncontrolled',
    { sharing: { exceptions: [{ ...exception, compensations: [{ ...alert, lastHeardAt: days(2) }] }] } },
  ],
  ['R3.7', 'exception-sound', 'controlled', { sharing: { exceptions: [exception] } }],
  ['R3.7', 'owner-accountable', 'exception', { sharing: { exceptions: [exception] } }],
  [
    'R3.7',
    'owner-accountable',
    'uncontrolled',
    { sharing: { exceptions: [{ ...exception, compensations: [{ ...alert, lastHeardAt: days(2) }] }] } },
  ],
  ['R3.7', 'owner-accountable', 'uncontrolled', { sharing: { exceptions: [{ ...exception, until: NOW }] } }],
  [
    'R3.8',
    'release-key-rotated',
    'uncontrolled',
    { sharing: { releases: [{ ...recorded, approvedBy: chief, from: days(8), until: days(5) }] } },
  ],
  [
    'R3.8',
    'release-key-rotated',
    'controlled',
    {
      changes: [written(4)],
      sharing: { releases: [{ ...recorded, approvedBy: chief, from: days(8), until: days(5) }] },
    },
  ],
  [
    'R3.9',
    'job-token-revoked',
    'uncontrolled',
    { sharing: { jobs: [{ ...recorded, job: 'nightly', disabledAt: days(3) }] } },
  ],
  [
    'R3.9',
    'job-token-revoked',
    'controlled',
    { changes: [written(2.5)], sharing: { jobs: [{ ...recorded, job: 'nightly', disabledAt: days(3) }] } },
  ],
  [
    'R3.10',
    'exposure-answered',
    'uncontrolled',
    {
      changes: [written(2)],
      sharing: { exposures: [{ ...recorded, at: days(3), how: 'leak', words: 'in a public repository' }] },
    },
  ],
  [
    'R3.10',
    'exposure-answered',
    'controlled',
    {
      changes: [written(2.99)],
      sharing: { exposures: [{ ...recorded, at: days(3), how: 'leak', words: 'in a public repository' }] },
    },
  ],
  [
    'R3.11',
    'insecure-sharing',
    'uncontrolled',
    { sharing: { exposures: [{ ...recorded, at: days(3), how: 'insecure-sharing', words: 'by chat' }] } },
  ],
  [
    'R3.11',
    'insecure-sharing',
    'controlled',
    {
      changes: [written(2)],
      sharing: { exposures: [{ ...recorded, at: days(3), how: 'insecure-sharing', words: 'by chat' }] },
    },
  ],
  [
    'R3.12',
    'workflow-complete',
    'uncontrolled',
    { sharing: { workflows: [{ ...recorded, name: 'deploy', aiEnabled: false }] } },
  ],
  // Declared before empty parts were refused.
  ...[{ sharedWith: '' }, { windowMs: -1 }, { loggingDestination: ' ' }, { replacementPath: '' }].map((part): Case => [
    'R3.12',
    'workflow-complete',
    'uncontrolled',
    { sharing: { workflows: [{ ...workflow, ...part }] } },
  ]),
  ['R3.12', 'workflow-complete', 'controlled', { sharing: { workflows: [workflow] } }],
  [
    'R3.14',
    'environments-apart',
    'uncontrolled',
    { retrievals: [read(ANA, 1, { environment: 'production' }), read(BEN, 1, { environment: 'staging' })] },
  ],
  [
    'R3.14',
    'environments-apart',
    'controlled',
    { retrievals: [read(ANA, 1, { environment: 'production' }), read(BEN, 100, { environment: 'staging' })] },
  ],
  ...(
    [
      ['uncontrolled', [written(10)]],
      ['controlled', [written(10), written(2.5)]],
      ['uncontrolled', [written(10), written(1.5)]],
      ['controlled', [written(10), written(3.001, { how: 'destroyed' })]],
      ['uncontrolled', [written(10), written(2.5, { how: 'restored' })]],
    ] as const
  ).map(([verdict, changes]): Case => ['R3.14', 'torn-down-ended', verdict, { changes, teardowns: [teardown] }]),
  ['R3.14', 'torn-down-ended', 'controlled', { teardowns: [{ ...teardown, at: days(0.9) }] }],
  ['R3.14', 'torn-down-ended', undefined, {}],
  ['R3.14', 'torn-down-ended', 'uncontrolled', { retrievals: [lease(4)], teardowns: [teardown] }],
  [
    'R3.14',
    'torn-down-ended',
    'controlled',
    {
      retrievals: [lease(4, { end: { state: 'proven', how: 'revoked', at: days(2.5) } }), lease(1)],
      teardowns: [teardown],
    },
  ],
  ['R3.14', 'torn-down-ended', 'unknown', { retrievals: [lease(1)], teardowns: [teardown], older: true }],
  // An end that perhaps was is none to rely on.
  ...(
    [
      ['unknown', [lease(4, { end: perhapsEnded(2.5) })]],
      ['uncontrolled', [lease(4, { end: perhapsEnded(2.5) }), lease(4)]],
    ] as const
  ).map(([verdict, retrievals]): Case => ['R3.14', 'torn-down-ended', verdict, { retrievals, teardowns: [teardown] }]),
  ...(
    [
      ['controlled', { state: 'proven', how: 'rotated', at: days(0.5) } as const],
      ['unknown', perhapsEnded(0.5)],
      ['uncontrolled', { state: 'missing' } as const],
    ] as const
  ).map(([verdict, end]): Case => [
    'R5.8',
    'shared-account-use',
    verdict,
    {
      retrievals: [{ ...approvedBy(chief), end }],
      stewardship: { declared: { shared: true } },
    },
  ]),
  ['R4.1', 'leaver-revoked', 'uncontrolled', { people: { [ana]: person(ana, 'left', days(0.5)) }, at: NOW + DAY_MS }],
  ['R4.2', 'leaver-revoked', 'controlled', { people: { [ana]: person(ana, 'left', days(0.5)) } }],
  [
    'R4.2',
    'leaver-revoked',
    'controlled',
    { retrievals: [read(ANA, 11)], people: { [ana]: person(ana, 'left', days(10.5)) } },
  ],
  ['R4.2', 'leaver-revoked', 'unknown', { people: {} }],
  // One of two may have obtained it, and one of them left.
  ...(
    [
      ['unknown', person(ana, 'left', days(3)), [written(10)]],
      ['unknown', person(ana, 'left', days(9)), [written(10), written(4)]],
      ['unknown', person(ana, 'disabled'), [written(10)]],
      ['controlled', person(ana, 'left', days(3)), [written(10), written(2.5)]],
      ['controlled', person(ana, 'left', days(0.5)), [written(10)]],
      ['controlled', person(ana), [written(10)]],
      ['unknown', person(ana, 'unknown'), [written(10)]],
    ] as const
  ).map(([verdict, anas, changes]): Case => [
    'R4.2',
    'leaver-revoked',
    verdict,
    { retrievals: [read(EITHER, 5)], people: { [ana]: anas, [ben]: person(ben) }, changes },
  ]),
  [
    'R4.2',
    'leaver-revoked',
    'unknown',
    {
      retrievals: [read(EITHER, 5), read(BEN, 4)],
      people: { [ana]: person(ana, 'left', days(3)), [ben]: person(ben) },
    },
  ],
  // Obtained while gone, though back since; before, and after.
  ['R4.1', 'leaver-revoked', 'uncontrolled', { people: { [ana]: away(3, 0.5) } }],
  ['R4.1', 'leaver-revoked', 'controlled', { people: { [ana]: away(0.9, 0.5) } }],
  ['R4.1', 'leaver-revoked', 'controlled', { people: { [ana]: away(9, 3) } }],
  ['R4.1', 'leaver-revoked', 'controlled', { retrievals: [read(ANA, 91)], people: { [ana]: away(99, 50) } }],
  ['R4.1', 'leaver-revoked', 'unknown', { people: { [ana]: person(ana, 'disabled') } }],
  ['R4.1', 'leaver-revoked', 'controlled', { retrievals: [read(ANA, 11)], people: { [ana]: person(ana, 'disabled') } }],
  ['R4.3', 'revocation-silent', 'uncontrolled', { changes: [written(10), written(2, { how: 'destroyed' })] }],
  ['R4.3', 'revocation-silent', 'unknown', { retrievals: [read(ANA, 4)], changes: [written(2, { how: 'destroyed' })] }],
  [
    'R4.3',
    'revocation-silent',
    'controlled',
    { retrievals: [read(ANA, 9)], changes: [written(8, { how: 'destroyed' })] },
  ],
  // Half a record is no silence, nor is a log that begins after the end.
  [
    'R4.3',
    'revocation-silent',
    'unknown',
    { changes: ended, retrievals: [read(ANA, 15), read(BEN, 8, { outcome: 'unknown' })] },
  ],
  ...(
    [
      ['unknown', days(9.5)],
      ['controlled', days(10)],
    ] as const
  ).map(([verdict, from]): Case => [
    'R4.3',
    'revocation-silent',
    verdict,
    { changes: ended, retrievals: [read(ANA, 15)], sources: [heard({ coverage: { from, to: NOW } })] },
  ]),
  [
    'R4.3',
    'used-after-end',
    'uncontrolled',
    { retrievals: [read(ANA, 1, { findings: [{ kind: 'used after end', words: 'late' }] })] },
  ],
  ['R4.3', 'used-after-end', 'controlled', {}],
  ['R5.3', 'governed-not-only-visible', 'uncontrolled', { owner }],
  [
    'R5.3',
    'governed-not-only-visible',
    'controlled',
    { owner, stewardship: { declared: { purpose: 'refunds', environment: 'production' } } },
  ],
  ['R5.4', 'long-lived-guarded', 'uncontrolled', { retrievals: both, changes: [written(40)] }],
  [
    'R5.4',
    'long-lived-guarded',
    'controlled',
    {
      retrievals: both,
      changes: [written(40)],
      sharing: { alerts: [alert], reviews: [review(), reviewOfBen()] },
    },
  ],
  // No campaign asked: people may recertify elsewhere. Never a pass, and no failure either.
  ['R5.4', 'long-lived-guarded', 'unknown', { retrievals: old, changes: [written(200)], sharing: { alerts: [alert] } }],
  [
    'R5.4',
    'long-lived-guarded',
    'unknown',
    { retrievals: old, changes: [written(200)], sharing: { alerts: [alert], reviews: [review()] } },
  ],
  ...(
    [
      ['uncontrolled', { decidedAt: days(181) }],
      ['controlled', { decidedAt: days(179) }],
      ['uncontrolled', { answer: 'unanswered' }],
      ['unknown', { answer: 'open', answerBy: days(-3) }],
      ['uncontrolled', { answer: 'open', answerBy: days(1) }],
      ['uncontrolled', { isContradicted: true }],
      ['controlled', { answer: 'taken', dueAt: days(-3) }],
      ['uncontrolled', { answer: 'taken', dueAt: days(3) }],
      ['controlled', { answer: 'taken', dueAt: days(3), isProven: true }],
      ['uncontrolled', { until: days(1) }],
    ] as const
  ).map(([verdict, more]): Case => [
    'R5.4',
    'long-lived-guarded',
    verdict,
    { retrievals: old, changes: [written(200)], sharing: { alerts: [alert], reviews: [review(), reviewOfBen(more)] } },
  ]),
  // Whoever joined after the others were reviewed has as long as they had.
  [
    'R5.4',
    'long-lived-guarded',
    'controlled',
    {
      retrievals: both,
      changes: [written(40)],
      sharing: { alerts: [alert], reviews: [review({ decidedAt: days(3) })] },
    },
  ],
  [
    'R5.11',
    'long-lived-guarded',
    'uncontrolled',
    {
      retrievals: both,
      changes: [written(40)],
      sharing: { alerts: [{ ...alert, lastHeardAt: days(2) }], reviews: [review(), reviewOfBen()] },
    },
  ],
  ['R5.8', 'shared-account-use', 'uncontrolled', { retrievals: both }],
  ['R3.1', 'request-approved', 'uncontrolled', { retrievals: both }],
  // A use is judged by who was in the role then: to leave it after a use takes nothing back, to join it after gives nothing.
  ...['shared-account-use', 'request-approved'].flatMap((control) =>
    (
      [
        ['controlled', inGroup(ben, 300, 0.5)],
        ['uncontrolled', inGroup(ben, 300, 2)],
        ['uncontrolled', inGroup(ben, 0.5)],
        ['uncontrolled', elsewhere(ben)],
        ['controlled', listed(ben, 2)],
        ['unknown', listed(ben, 0.5)],
        ['unknown', listed(ben, 2, 0.5)],
        ['unknown', person(ben)],
      ] as const
    ).map(([verdict, bens]): Case => [
      'R3.3',
      control,
      verdict,
      { people: { [ana]: inGroup(ana), [ben]: bens }, retrievals: both, sharing: toGroup },
    ]),
  ),
  // It may have been the one whom it is granted to, or the other.
  [
    'R1.4',
    'request-approved',
    'unknown',
    {
      retrievals: [read(), read({ id: 'ambiguous:x', kind: 'ambiguous', name: 'ana or ben', keys: [ana, ben] })],
      sharing: { grants: [grant()] },
    },
  ],
  // Through one of two sessions of one person it is that person's; a path that is missing shows nothing.
  ...(
    [
      ['controlled', { path: { state: 'ambiguous' }, actor: { state: 'inferred' } }],
      ['uncontrolled', { path: { state: 'ambiguous' }, actor: { state: 'ambiguous' } }],
      ['uncontrolled', { path: { state: 'missing' }, actor: { state: 'inferred' } }],
    ] as const
  ).map(([verdict, more]): Case => [
    'R5.8',
    'shared-account-use',
    verdict,
    { retrievals: [read(ANA, 1, more)], stewardship: { declared: { shared: true } }, sharing: { grants: [grant()] } },
  ]),
  // Of two grants that cover it the one that meets the conditions counts.
  [
    'R5.8',
    'shared-account-use',
    'controlled',
    {
      people: { [ana]: inGroup(ana), [ben]: inGroup(ben) },
      retrievals: both,
      sharing: { grants: [grant({ approvedBy: ana }), ...toGroup.grants] },
    },
  ],
  [
    'R5.8',
    'shared-account-use',
    'controlled',
    {
      people: { [ana]: inGroup(ana), [ben]: inGroup(ben) },
      retrievals: both,
      sharing: { grants: [grant({ toRole: true, to: group })] },
    },
  ],
  ['R9.1', 'agent-identity', 'uncontrolled', { sharing: { workflows: [{ ...workflow, aiEnabled: true }] } }],
  [
    'R9.1',
    'agent-identity',
    'controlled',
    { retrievals: [read(SHOP)], sharing: { workflows: [{ ...workflow, aiEnabled: true }] } },
  ],
  [
    'R9.2',
    'agent-boundary',
    'uncontrolled',
    { sharing: { workflows: [{ ...workflow, aiEnabled: true, confirmed: false }] } },
  ],
  ['R9.2', 'agent-boundary', 'controlled', { sharing: { workflows: [{ ...workflow, aiEnabled: true }] } }],
  ['R9.2', 'agent-boundary', 'uncontrolled', { retrievals: [read(SHOP, 1, CROSSED)] }],
  ['R9.2', 'agent-boundary', 'uncontrolled', { retrievals: [read(SHOP, 1, CROSSED)], sharing: { workflows: [{ ...workflow, aiEnabled: true }] } }], // prettier-ignore
  ['R9.2', 'agent-boundary', 'controlled', { retrievals: [read(SHOP, 91, CROSSED)], sharing: { workflows: [{ ...workflow, aiEnabled: true }] } }], // prettier-ignore
  ['R9.3', 'agent-workflow-owned', 'uncontrolled', { sharing: { workflows: [{ ...workflow, aiEnabled: true }] } }],
  [
    'R9.3',
    'agent-workflow-owned',
    'uncontrolled',
    { sharing: { alerts: [alert], workflows: [{ ...workflow, aiEnabled: true, escalation: ' ' }] } },
  ],
  [
    'R9.3',
    'agent-workflow-owned',
    'controlled',
    { sharing: { alerts: [alert], workflows: [{ ...workflow, aiEnabled: true }] } },
  ],
]

describe('controls, each beside its legitimate twin (R1.3 R1.6 R1.8 R1.12 R2.1 R2.2 R2.3 R2.4 R2.5 R2.7 R3.1 R3.2 R3.3 R3.4 R3.5 R3.6 R3.7 R3.8 R3.9 R3.10 R3.11 R3.12 R3.14 R4.1 R4.2 R4.3 R5.3 R5.4 R5.8 R5.11 R9.1 R9.2 R9.3)', () => {
  it.each(CASES)('%s %s: %s (%#)', (requirement, id, verdict, given) => {
    expect(verdictOf(id, given)).toBe(verdict)
    expect(CONTROLS.some((control) => control.id === id)).toBe(true)
    expect(requirement).toMatch(/^R\d/)
  })

  it('R5.1 R1.8 R9.2 ask nothing of a time in which nothing was obtained, so that an empty time is no pass', () => {
    const long = { privileged: { id: 'r' }, retrievals: [read(ANA, 91, CROSSED)] }
    expect(['task-context', 'agent-boundary'].map((id) => verdictOf(id, long))).toEqual([undefined, undefined])
  })

  it('R5.1 are each shown to fail and to pass or to say that it is not known', () => {
    const seen = (id: string) => new Set(CASES.filter(([, control]) => control === id).map(([, , verdict]) => verdict))
    expect(CONTROLS.filter(({ id }) => seen(id).size < 2).map(({ id }) => id)).toEqual([])
  })

  it('R5.1 name as witness where that was said which they find wrong', () => {
    const said = { at: days(3), by: 'x', position: 71 }
    const copies = [{ kind: 'chat', place: '#payments', ...said }] as const
    const { results } = evaluate(history({ owner: { ...owner, position: 70 }, stewardship: { copies } }))
    const witnessesOf = (id: string) => results.find(({ control }) => control === id)?.witnesses
    expect([witnessesOf('insecure-location'), witnessesOf('owner-attested')]).toEqual([[71], [70]])
  })

  it('R5.8 give six verdicts on one use of a shared account', () => {
    expect(sharedUse(history({ sharing: { grants: [grant({ approvedBy: ana })] } }), read())).toEqual({
      preventedByDefault: true,
      limitedInTime: true,
      justified: true,
      approved: false,
      individualConfirmed: true,
      attributable: true,
    })
  })
})
