import { describe, expect, it } from '@jest/globals'
import { summarise } from '../access-summary/access-summary.js'
import { RETRIEVALS_MAX } from '../history/credential-history.js'
import { isObtained, newestOfEach, type Retrieval } from '../history/retrieval.js'
import { leaverList } from '../revocation/leaver-list.js'
import { ana, ben, days, grant, history, NOW, person, written, type Given } from '../testing/histories.js'
import { ANA, BEN, EITHER, NOBODY, retrieval, ROOT, SHOP } from '../testing/retrievals.js'
import type { Verdict } from './control.js'
import { evaluate } from './evaluate.js'
import { CONTROLS } from './registry.js'

type Answer = Verdict | 'not applicable'

const read = (accessor = ANA, daysAgo = 1, more: Partial<Retrieval> = {}) =>
  retrieval({ fact: `${accessor.id} ${daysAgo}`, at: days(daysAgo), accessor, ...more })
const lease = (daysAgo: number, more: Partial<Retrieval> = {}) => read(SHOP, daysAgo, { kind: 'lease-issued', ...more })
const ended = { end: { state: 'proven', how: 'expired', at: NOW } } as const
const approved = (by: typeof ana) =>
  ({ right: { state: 'proven', policies: [], approvals: [{ decision: 'approved', permits: true, state: 'proven', approver: by, at: days(3) }] } }) as const // prettier-ignore
const fromElsewhere = { caveats: ['custody: address differs'] } as const
const crossed = { findings: [{ kind: 'unconfirmed crossing', words: 'x' }] } as const
const workflow = { id: 'w', positions: [50], name: 'w', aiEnabled: true, confirmed: true } as const

/** More than a history holds, one every so many days from a little ago on. */
const hot = (made: (daysAgo: number) => Retrieval, everyDays = 1e-4): Retrieval[] =>
  Array.from({ length: RETRIEVALS_MAX + 1 }, (_, number) => made(0.1 + number * everyDays))

/** As a reader puts it together: sums over all, the newest one by one. */
function held(all: readonly Retrieval[]): Pick<Given, 'retrievals' | 'accessors' | 'older'> {
  const newest = all.toSorted((a, b) => b.at - a.at)
  return {
    accessors: summarise('c'.repeat(32), all),
    retrievals: newestOfEach(newest, RETRIEVALS_MAX),
    older: newest.filter(isObtained).length > RETRIEVALS_MAX,
  }
}

function answerOf(control: string, given: Given): Answer {
  const [result] = evaluate(history(given), CONTROLS.filter(({ id }) => id === control)).results // prettier-ignore
  return result?.verdict ?? 'not applicable'
}

const byAna = hot((daysAgo) => read(ANA, daysAgo))
const leases = hot((daysAgo) => lease(daysAgo, ended))
const away = { [ana]: { ...person(ana), absences: [{ from: days(9), to: days(5) }] } }
const incidents = [{ id: 'i', positions: [1], responders: [ana], issuedAt: days(5) }]
const migrations = [{ id: 'i', positions: [1], until: days(5), cutoverAt: days(6) }]

/** Told by all of it, what fails; told by what is held of it, the answer. */
type Case = [control: string, answer: Answer, all: readonly Retrieval[], given?: Given]

const CASES: readonly Case[] = [
  ['agent-boundary', 'unknown', [...byAna, read(BEN, 3, crossed)]],
  ['agent-boundary', 'uncontrolled', [...byAna, read({ ...NOBODY, reason: 'bearer handed over' }, 300)], { sharing: { workflows: [workflow] } }], // prettier-ignore
  ['borrowed-identity', 'unknown', [...byAna, ...Array.from({ length: 11 }, (_, number) => read(BEN, 3 + number / 100, fromElsewhere))]], // prettier-ignore
  ['human-use-of-workload', 'unknown', [...byAna, read(ANA, 3, { address: '10.0.0.1' }), read(ROOT, 3.1, { address: '10.0.0.1' })]], // prettier-ignore
  ['incident-token-dead', 'uncontrolled', [...byAna, read(BEN, 3)], { sharing: { incidents } }],
  ['issuance-limited', 'unknown', [...leases, lease(300)]],
  ['issuance-limited', 'uncontrolled', [...hot((daysAgo) => lease(daysAgo + 8, ended)), lease(300, { end: { state: 'ambiguous', at: days(299) } })]], // prettier-ignore
  ['issuance-limited', 'unknown', [...byAna, read(SHOP, 300, { token: { madeAt: days(301), endless: true, positions: [3] } })]], // prettier-ignore
  ['leaver-revoked', 'uncontrolled', [...byAna, read(ANA, 7)], { people: away }],
  ['leaver-revoked', 'unknown', [...byAna, read(ANA, 8), read(ANA, 20)], { people: away }],
  ['migration-cutover', 'uncontrolled', [...hot((daysAgo) => read(ANA, daysAgo, { outcome: 'denied' })), read(BEN, 3)], { sharing: { migrations } }], // prettier-ignore
  ['request-approved', 'uncontrolled', [...byAna, read(BEN, 3)], { sharing: { grants: [grant({ from: days(50) })] } }],
  ['request-approved', 'unknown', [...byAna, read(BEN, 3), read(BEN, 4, approved(ana))], { sharing: { grants: [grant({ from: days(50) })] } }], // prettier-ignore
  ['requester-not-approver', 'uncontrolled', [...byAna, read(BEN, 3, approved(ben))]],
  ['requester-not-approver', 'uncontrolled', [...hot((daysAgo) => read(ANA, daysAgo, { outcome: 'denied' })), read(BEN, 3, { ...approved(ben), outcome: 'denied' })]], // prettier-ignore
  ['requester-not-approver', 'uncontrolled', [...byAna, read(BEN, 3, approved(ben)), read(BEN, 2, approved(ana))]],
  ['revocation-silent', 'uncontrolled', [...hot((daysAgo) => read(ANA, daysAgo, { outcome: 'failed' })), read(BEN, 3)], { changes: [written(19), written(9, { how: 'destroyed' })] }], // prettier-ignore
  ['shared-account-use', 'uncontrolled', [...hot((daysAgo) => read(ANA, daysAgo, ended)), read(BEN, 3)], { sharing: { grants: [grant({ from: days(50) })] } }], // prettier-ignore
  ['shared-identity', 'unknown', [...byAna, ...[1, 2, 3, 4, 5, 6].map((place) => read(NOBODY, 3 + place / 100, { address: `10.0.0.${place}` }))]], // prettier-ignore
  ['task-context', 'uncontrolled', [...byAna, read(ROOT, 3)], { privileged: { id: 'p', path: '**' } }],
  ['task-context', 'unknown', [...byAna, read(ANA, 3, { right: { state: 'missing', policies: [], approvals: [] } }), read(ANA, 0.05, { outcome: 'denied' })], { privileged: { id: 'p', path: '**' } }], // prettier-ignore
]

describe('what fails, and was obtained 500 times since', () => {
  it.each(CASES)('R5.1 does not pass %s: %s', (control, answer, all, given = {}) => {
    const whole = { accessors: summarise('c'.repeat(32), all), retrievals: all.toSorted((a, b) => b.at - a.at) }
    expect(answerOf(control, { ...given, ...whole })).toBe('uncontrolled')
    expect(answerOf(control, { ...given, ...held(all) })).toBe(answer)
  })

  it('R5.1 says in a sentence why it is not known, and from when on it may be', () => {
    const all = [...byAna, read(BEN, 3, crossed)]
    const [result] = evaluate(history(held(all)), CONTROLS.filter(({ id }) => id === 'agent-boundary')).results // prettier-ignore
    expect(result?.reason).toBe('It was obtained too often to look at each time: what was before the newest 500 may be otherwise.') // prettier-ignore
    expect(result?.validUntil).toBe(days(3 - 90) + 1)
  })
})

/** Over 120 days, so that the newest 500 reach beyond each period. */
const often = hot((daysAgo) => read(SHOP, daysAgo, { ...ended, ...approved(ben), version: 1 }), 0.24)
const shared = { ...read(BEN, 0.01, { ...ended, ...approved(ana) }) }

describe('what was obtained often, and long enough ago to be held for each period', () => {
  it.each<[string, readonly Retrieval[], Given?]>([
    ['agent-boundary', [...often, read(BEN, 110, crossed)], { sharing: { workflows: [workflow] } }],
    ['borrowed-identity', [...often, read(BEN, 110, fromElsewhere), read(BEN, 1, fromElsewhere)]],
    ['leaver-revoked', [...often, read(ANA, 110)], { people: away }],
    ['request-approved', [...often, shared]],
    ['revocation-silent', often.map((one) => ({ ...one, at: one.at - 8 * 86_400_000 })), { changes: [written(200), written(8.05, { how: 'destroyed' })] }], // prettier-ignore
    ['shared-identity', [...often, shared]],
    ['task-context', often, { privileged: { id: 'p', path: '**' } }],
  ])('R5.1 passes %s', (control, all, given = {}) => {
    expect(held(all).older).toBe(true)
    expect(answerOf(control, { ...given, ...held(all) })).toBe('controlled')
  })

  it('R3.2 passes issuance-limited where all leases ended, however many there were', () => {
    expect(answerOf('issuance-limited', held([...leases, lease(300, { end: { ...ended.end, at: days(299) } })]))).toBe('controlled') // prettier-ignore
  })

  it('R3.1 passes request-approved where a grant by name covers all that is not held one by one', () => {
    const grants = [grant({ from: days(50) }), grant({ id: 'h', to: ben, from: days(50) })]
    const all = [...byAna, read(BEN, 3)]
    expect(answerOf('request-approved', { ...held(all), sharing: { grants } })).toBe('controlled')
  })
})

describe('a grant that covers some of what is not held one by one', () => {
  const answer = (all: readonly Retrieval[], ...grants: Parameters<typeof grant>[0][]): Answer =>
    answerOf('request-approved', { ...held(all), sharing: { grants: [{ from: days(50) }, ...grants].map(grant) } })

  it('R3.1 is not known to cover what was obtained between two of them', () => {
    const all = [...byAna, read(BEN, 3), read(BEN, 5), read(BEN, 8)]
    const until = { id: 'h', to: ben, from: days(9), until: days(7) }
    const again = { id: 'i', to: ben, from: days(4) }
    expect(answer(all, until, again)).toBe('unknown')
    expect(answer(all, { ...until, until: days(2) })).toBe('controlled')
    expect(answer(all, { ...until, until: days(2), endedAt: days(7) }, again)).toBe('unknown')
  })

  it('R3.1 is not known to cover whoever is only one of several', () => {
    expect(answer([...byAna, read(EITHER, 3)])).toBe('unknown')
  })
})

describe('a static secret of somebody who left, asked for by others since', () => {
  const people = { [ana]: person(ana, 'left', days(5)) }

  it('R4.1 R4.2 is to be replaced, however often they were refused', () => {
    const all = [read(ANA, 6), ...hot((daysAgo) => read(BEN, daysAgo, { outcome: 'denied' }))]
    expect(answerOf('leaver-revoked', { people, ...held(all) })).toBe('uncontrolled')
    expect(leaverList(ana, [history({ people, ...held(all) })])).toHaveLength(1)
  })
})
