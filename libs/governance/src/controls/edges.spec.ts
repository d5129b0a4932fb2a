import { makeKey } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { summarise } from '../access-summary/access-summary.js'
import type { Accessor } from '../history/accessor.js'
import type { Retrieval } from '../history/retrieval.js'
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
import { ANA, BEN, EITHER, NOBODY, retrieval, SHOP } from '../testing/retrievals.js'
import type { Verdict } from './control.js'
import { evaluate } from './evaluate.js'
import { CONTROLS } from './registry.js'

const HOUR_MS = 3_600_000
const recorded = { id: 'x', positions: [40] }
const twin = makeKey('person', 'okta/acme', 'ana')
/** One person by two accounts. */
const TWO: Accessor = { ...ANA, keys: [ana, twin] }

const read = (accessor = ANA, daysAgo = 1, more: Partial<Retrieval> = {}) =>
  retrieval({ fact: `${accessor.id} ${daysAgo}`, at: days(daysAgo), accessor, ...more })
const judged = (control: string, given: Given) => evaluate(history(given), CONTROLS.filter(({ id }) => id === control)) // prettier-ignore
const answers = (control: string, ...given: Given[]): (Verdict | undefined)[] =>
  given.map((one) => judged(control, one).results[0]?.verdict)

const exception = {
  ...recorded,
  kind: 'vendor-portal',
  controls: ['owner-accountable'],
  from: days(3),
  until: days(-3),
  blastRadius: 'one portal',
} as const
const heard = (lastHeardAt?: number) => ({ ...recorded, name: 'log', heartbeatMs: 2 * HOUR_MS, ...(lastHeardAt === undefined ? {} : { lastHeardAt }) }) // prettier-ignore
const excepted = (...compensations: ReturnType<typeof heard>[]): Given => ({ sharing: { exceptions: [{ ...exception, compensations }] } }) // prettier-ignore
const [alive, silent] = [heard(NOW - HOUR_MS), heard(days(1))]

describe('an exception', () => {
  const owner = { key: chief, name: 'chief', at: days(9), by: 'x' }

  it('R3.7 excuses what fails, and nothing that is not known', () => {
    expect(answers('owner-accountable', excepted(alive), { ...excepted(alive), owner })).toEqual([
      'exception',
      'unknown',
    ])
  })

  it('R3.7 excuses nothing once one of those that compensate for it is silent, and says until when it does', () => {
    expect(answers('owner-accountable', excepted(alive, silent), excepted(heard()))).toEqual(['uncontrolled', 'uncontrolled']) // prettier-ignore
    expect(judged('owner-accountable', excepted(alive)).validUntil).toBe(NOW + HOUR_MS)
    expect(answers('exception-sound', excepted(alive), excepted(alive, silent), excepted(heard()))).toEqual(['controlled', 'uncontrolled', 'uncontrolled']) // prettier-ignore
  })
})

describe('what records tell of a later time', () => {
  it('R1.10 ends an answer then', () => {
    expect(judged('owner-accountable', { nextAt: NOW + 60_000 }).validUntil).toBe(NOW + 60_000)
  })
})

describe('somebody who left', () => {
  const asked = (accessor: Accessor, people: Given['people'] & object, more: Given = {}, daysAgo = 6): Given => ({
    retrievals: [read(accessor, daysAgo)],
    people,
    ...more,
  })
  const left = (key = ana, daysAgo?: number) => person(key, 'left', daysAgo === undefined ? undefined : days(daysAgo))

  it('R4.1 left with the last of their accounts, and nobody knows when where that is not told of one of them', () => {
    const cases = [
      asked(TWO, { [ana]: left(ana, 5), [twin]: person(twin) }),
      asked(TWO, { [ana]: left(ana, 5), [twin]: left(twin) }),
      asked(TWO, { [ana]: left(ana, 5), [twin]: left(twin, 3) }),
    ]
    expect(answers('leaver-revoked', ...cases)).toEqual(['controlled', 'unknown', 'uncontrolled'])
  })

  it('R4.2 was gone where each of their accounts was', () => {
    const gone = (key = ana) => ({ ...person(key), absences: [{ from: days(9), to: days(5) }] })
    const cases = [{ [ana]: gone(), [twin]: person(twin) }, { [ana]: gone(), [twin]: gone(twin) }].map((people) => asked(TWO, people)) // prettier-ignore
    expect(answers('leaver-revoked', ...cases)).toEqual(['controlled', 'uncontrolled'])
  })

  it('R4.1 has time to be replaced after, to the hour, be it as one of several', () => {
    const here = { [ben]: person(ben) }
    expect(answers('leaver-revoked', asked(ANA, { [ana]: left(ana, 1) }, {}, 2), asked(EITHER, { ...here, [ana]: left(ana, 1) }, {}, 2))).toEqual(['controlled', 'controlled']) // prettier-ignore
    expect(answers('leaver-revoked', asked(EITHER, { ...here, [ana]: left(ana, 1.01) }, {}, 2))).toEqual(['unknown'])
  })

  it('R4.2 perhaps obtained it after they had left, and perhaps what was replaced since', () => {
    const here = { [ben]: person(ben) }
    const after = asked(EITHER, { ...here, [ana]: left(ana, 0.5) }, { changes: [written(10), written(0.1)] }, 0.2)
    const undated = asked(EITHER, { ...here, [ana]: left(ana) }, {}, 2)
    const replaced = { ...undated, changes: [written(10), written(1)] }
    expect(answers('leaver-revoked', after, undated, replaced)).toEqual(['unknown', 'unknown', 'controlled'])
  })
})

describe('a time limit', () => {
  it('R2.7 of silence is over when it is reached', () => {
    const heardOf = (to: number): Given => ({ sources: history().sources.map((source) => ({ ...source, coverage: { from: days(400), to } })) }) // prettier-ignore
    expect(answers('source-alive', heardOf(days(1) + 1), heardOf(days(1)))).toEqual(['controlled', 'uncontrolled'])
  })

  it('R1.6 of a use from a desk is that of the period', () => {
    const both = (daysAgo: number): Given => ({ retrievals: [read(ANA, daysAgo, { address: '10.0.0.7' }), read(NOBODY, daysAgo, { address: '10.0.0.7' })] }) // prettier-ignore
    expect(answers('human-use-of-workload', both(89), both(91))).toEqual(['uncontrolled', undefined])
  })
})

describe('a long-lived secret that two have', () => {
  const alerts = [{ ...recorded, name: 'odd hours', heartbeatMs: 2 * HOUR_MS, lastHeardAt: NOW - HOUR_MS }]
  const ofBen = review({ item: 'j', of: { kind: 'person', name: 'ben', keys: [ben] } })
  const kept = (more: Parameters<typeof review>[0] = {}, ...others: Retrieval[]): Given => ({
    retrievals: [read(), read(BEN, 2), ...others],
    changes: [written(40)],
    sharing: { alerts, reviews: [review(more), ofBen] },
  })

  it('R5.4 is guarded by a review until it lapses, and no longer at that moment', () => {
    expect(answers('long-lived-guarded', kept({ until: NOW + 1 }), kept({ until: NOW }))).toEqual(['controlled', 'uncontrolled']) // prettier-ignore
  })

  it('R5.4 is guarded by a review of everybody who obtained it since it was replaced, and of no others', () => {
    expect(answers('long-lived-guarded', kept({}, read(SHOP, 41)), kept({}, read(SHOP, 39)))).toEqual(['controlled', 'unknown']) // prettier-ignore
  })
})

describe('several sources of one system', () => {
  const [source] = history().sources
  const of = (id: string, to: number, more: object = {}) => ({
    ...source!,
    id,
    coverage: { from: days(400), to },
    ...more,
  })

  it('R2.7 are alive while one of them is, unless records of the period were lost', () => {
    const cases = [
      [of('a', NOW), of('b', days(3))],
      [of('a', days(2)), of('b', days(3))],
      [of('a', NOW, { gaps: [{ from: days(0.5), to: days(0.4) }] })],
      [of('a', NOW, { gaps: [{ from: days(1.5), to: days(1.4) }] })],
    ]
    expect(answers('source-alive', ...cases.map((sources) => ({ sources })))).toEqual(['controlled', 'uncontrolled', 'unknown', 'controlled']) // prettier-ignore
  })

  it('R2.1 show disuse where one of them reaches so far', () => {
    const retrievals = [read(ANA, 100)]
    const cases = [[of('a', NOW), of('b', days(50))], [of('b', days(50))]]
    expect(answers('still-used', ...cases.map((sources) => ({ sources, retrievals })))).toEqual(['uncontrolled', 'unknown']) // prettier-ignore
  })
})

describe('an approval', () => {
  const by = (approver: typeof ana, more: Partial<Retrieval['right']['approvals'][number]> = {}) =>
    ({ right: { state: 'proven', policies: [], approvals: [{ decision: 'approved', permits: true, state: 'proven', approver, at: days(3), ...more }] } }) as const // prettier-ignore
  const initiator = { state: 'proven', key: ana, name: 'ana' } as const

  it('R3.1 is of one’s own by whoever set off the run, or would benefit', () => {
    const run = (approver: typeof ana): Given => ({ retrievals: [read(SHOP, 1, { ...by(approver), initiator })] })
    const granted = (more: object): Given => ({ sharing: { grants: [grant({ requestedBy: ben, ...more })] } })
    const cases = [run(ana), run(ben), granted({ approvedBy: ana }), granted({ approvedBy: chief })]
    expect(answers('requester-not-approver', ...cases)).toEqual(['uncontrolled', 'controlled', 'uncontrolled', 'controlled']) // prettier-ignore
  })

  it('R3.1 permits as far as it is known to be of this use', () => {
    const shared = (state: 'proven' | 'inferred' | 'ambiguous'): Given => ({
      stewardship: { declared: { shared: true } },
      retrievals: [read(ANA, 1, by(ben, { state }))],
    })
    const states = (['proven', 'inferred', 'ambiguous'] as const).map(shared)
    expect(answers('request-approved', ...states)).toEqual(['controlled', 'controlled', 'uncontrolled'])
  })
})

describe('what lies behind the newest retrievals', () => {
  const initiator = { state: 'proven', key: ana, name: 'ana' } as const
  const approvals = [{ decision: 'approved', permits: true, state: 'proven', approver: ana, at: days(3) }] as const
  const right = { state: 'proven', policies: [], approvals } as const
  const end = { state: 'proven', how: 'expired', at: NOW } as const
  /** All are summed up; the newest alone is held. */
  const cut = (...all: Retrieval[]): Given => ({
    accessors: summarise('c'.repeat(32), all),
    retrievals: all.slice(0, 1),
    older: true,
  })

  it('R3.1 was approved by whoever set it off, or by somebody else', () => {
    const seen = cut(read(ANA, 1), read(SHOP, 3, { right, initiator }))
    const other = cut(read(ANA, 1), read(SHOP, 3, { right, initiator: { ...initiator, key: ben } }))
    expect(answers('requester-not-approver', seen, other)).toEqual(['uncontrolled', 'controlled'])
  })

  it('R4.2 was perhaps obtained in an absence, if each of their accounts was gone within that time', () => {
    const uses = cut(read(TWO, 1), read(TWO, 5), read(TWO, 9))
    const gone = (key: typeof ana, from: number, to: number) => ({ ...person(key), absences: [{ from: days(from), to: days(to) }] }) // prettier-ignore
    const cases = [
      { [ana]: gone(ana, 7, 6), [twin]: gone(twin, 7, 6) },
      { [ana]: gone(ana, 7, 6), [twin]: person(twin) },
      { [ana]: gone(ana, 12, 10), [twin]: gone(twin, 12, 10) },
    ]
    expect(answers('leaver-revoked', ...cases.map((people) => ({ ...uses, people })))).toEqual(['unknown', 'controlled', 'controlled']) // prettier-ignore
  })

  it('R5.8 is not known to meet each condition, though all that is seen of it does', () => {
    const uses = [read(ANA, 1, { right, end }), read(BEN, 3, { right, end })]
    expect(answers('shared-account-use', { retrievals: uses }, cut(...uses))).toEqual(['controlled', 'unknown'])
  })

  it('R1.12 is not known to have been in a role that it is granted to', () => {
    const team = makeKey('group', 'keycloak/acme', 'ops')
    const member = { group: team, groupName: 'ops', person: ana, readBack: false, saidFrom: days(20), evidence: [5] }
    const changes = [{ kind: 'moved' as const, person: ana, at: days(3), evidence: [5] }]
    const people = { [ana]: { ...person(ana), changes, memberships: [member] } }
    const uses = [read(ANA, 1), read(ANA, 8)]
    const inRole = { people, sharing: { grants: [grant({ to: team, toRole: true, from: days(50) })] } }
    const byName = (from: number): Given => ({ people, sharing: { grants: [grant({ from: days(from) })] }, retrievals: uses }) // prettier-ignore
    expect(answers('access-fit', { ...inRole, retrievals: uses }, { ...inRole, ...cut(...uses) })).toEqual(['controlled', 'uncontrolled']) // prettier-ignore
    expect(answers('access-fit', byName(50), byName(2))).toEqual(['uncontrolled', 'controlled'])
  })
})

describe('an environment that was torn down', () => {
  it('R3.14 left perhaps nothing, where what it had may have been gone before', () => {
    const teardowns = [{ at: days(3), thing: 'environment', name: 'staging', positions: [9] } as const]
    const two = written(10, { version: 2 })
    const hidden = written(5, { how: 'deleted', versionsHidden: true })
    const cases = [[two], [two, hidden], [two, written(5, { how: 'deleted' })]].map((changes) => ({ changes, teardowns })) // prettier-ignore
    expect(answers('torn-down-ended', ...cases)).toEqual(['uncontrolled', 'unknown', 'controlled'])
  })
})
