import type { Key } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { accessRow } from '../testing/access.js'
import { DEFINITION_DEFAULTS, type Definition } from './definition.js'
import { PRESETS } from './presets.js'
import { problemsOf } from './problems.js'
import { parseScope, SCOPE_FIELDS } from './scope.js'
import { selects } from './selects.js'

const SOUND: Definition = {
  ...DEFINITION_DEFAULTS,
  name: 'all',
  scope: 'all',
  stages: [{ name: 'owner', fromDay: 0, toDay: 14, quorum: 1, reviewers: [{ kind: 'owner' }] }],
}
const stage = (name: string, fromDay: number, toDay: number) => ({ ...SOUND.stages[0]!, name, fromDay, toDay })
const schedule = (rule: string, start = '2026-01-01T09:00', zone = 'UTC') => ({ rule, start, zone })

describe('R6.1 a definition', () => {
  it('that is sound has no problems', () => {
    expect(problemsOf(SOUND)).toEqual([])
    const local = { ...stage('a', 0, 9), reviewers: [{ kind: 'people' as const, people: ['person:local' as Key] }] }
    expect(problemsOf({ ...SOUND, stages: [local] })).toEqual([])
    for (const preset of Object.values(PRESETS)) expect(problemsOf(preset('2026-01-31T09:00', 'Europe/Berlin'))).toEqual([])
  }) // prettier-ignore

  it.each<[string, Partial<Definition>, RegExp]>([
    ['overlapping stages', { stages: [stage('a', 0, 10), stage('b', 9, 20)] }, /stages a and b overlap: .*day 9, before .* day 10/],
    ['a schedule longer than its interval', { schedule: schedule('FREQ=WEEKLY') }, /takes 21 days .* next begins after 7: shorten/],
    ['a rule that finds nobody', { stages: [{ ...stage('a', 0, 9), reviewers: [] }] }, /no reviewer rule, so nobody would review/],
    ['named people without a name', { stages: [{ ...stage('a', 0, 9), reviewers: [{ kind: 'people', people: [] }] }] }, /names nobody/],
    ['named people who are no keys of people', { stages: [{ ...stage('a', 0, 9), reviewers: [{ kind: 'people', people: ['ada' as Key] }] }] }, /ada is no key of a person: write it as person:<system>:<id>/],
    ['a rule that never fires', { schedule: schedule('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;BYSETPOS=1') }, /never fires/],
    ['an unknown zone', { schedule: schedule('FREQ=MONTHLY', undefined, 'Mars/Base') }, /no time zone Mars\/Base: write one such as/],
    ['an unknown zone of its own', { zone: 'Mars/Base' }, /zone: there is no time zone/],
    ['no stage', { stages: [] }, /at least one/],
    ['a stage that ends before it begins', { stages: [stage('a', 5, 5)] }, /its end lies behind its beginning/],
    ['a stage that no calendar has an end for', { stages: [stage('a', 0, 2_147_483_647)] }, /ends on day 2147483647: choose at most 3660/],
    ['a reminder on a day of no calendar', { remindDaysBefore: [7, 2_147_483_647] }, /remindDaysBefore: it has 2147483647: choose -3660 to 3660/],
    ['an escalation on a day of no calendar', { escalation: [{ afterDays: -2_147_483_648, action: 'remind' }] }, /remind comes after -2147483648 days: choose -3660 to 3660/],
    ['people whose keys no index holds', { stages: [{ ...stage('a', 0, 9), reviewers: [{ kind: 'people', people: [`person:x:${'y'.repeat(600)}` as Key] }] }] }, /is no key of a person/],
    ['a quorum of none', { stages: [{ ...stage('a', 0, 9), quorum: 0 }] }, /at least one vote/],
    ['an unknown field', { scope: 'colour = red' }, /colour is no field of a scope; there are credential, system/],
    ['an empty scope', { scope: ' ' }, /write `all`, or what it selects/],
    ['a scope that is cut off', { scope: 'system =' }, /ends too early/],
    ['text where a number stands', { scope: 'uses > many' }, /compared with a number, not with many/],
    ['an escalation to nobody', { escalation: [{ afterDays: 1, action: 'replace' }] }, /replace after 1 days names nobody/],
  ])('with %s is refused and told what to do', (_, wrong, message) => {
    expect(problemsOf({ ...SOUND, ...wrong }).join('\n')).toMatch(message)
  }) // prettier-ignore
})

describe('a scope', () => {
  const at = Date.UTC(2026, 5, 1)
  const select = (text: string, row = accessRow()) => selects(parseScope(text), row, at)

  it('selects by what is recorded of an access', () => {
    const row = accessRow({ uses: 3, lastUsedAt: at - 100 * 86_400_000, chain: 'ambiguous' })
    expect(select('uses = 3 and unused_days > 90', row)).toBe(true)
    expect(select('not (chain = proven or chain in ("inferred"))', row)).toBe(true)
    expect(select('path ~ "ORDERS" and system != other', row)).toBe(true)
    expect(select('uses > 3 or unused_days < 90', row)).toBe(false)
  })

  it('leaves undecided what nobody recorded, whichever way it is asked', () => {
    const row = accessRow({ privileged: undefined })
    expect(select('privileged = yes', row)).toBeUndefined()
    expect(select('not privileged = yes', row)).toBeUndefined()
    expect(select('privileged = yes and uses > 1000', row)).toBe(false)
    expect(select('accessor = ada', accessRow({ accessor: { kind: 'unknown', reason: 'x' } }))).toBeUndefined()
  })

  it('finds an ambiguous accessor by each of the candidates', () => {
    const candidates = ['ada', 'bob'].map((name) => ({ key: `person:idp:${name}` as Key, name, aliases: [] }))
    const row = accessRow({ accessor: { kind: 'ambiguous', candidates } })
    expect([select('accessor = ada', row), select('accessor = "person:idp:bob"', row)]).toEqual([true, true])
  })

  it('is read or refused, whatever is written', () => {
    const word = fc.constantFrom(
      ...Object.keys(SCOPE_FIELDS),
      'and',
      'or',
      'not',
      'in',
      '(',
      ')',
      ',',
      '=',
      '~',
      '<',
      '"x"',
      '7',
      'all',
      '"',
      '\\',
    )
    fc.assert(fc.property(fc.array(word, { maxLength: 12 }), (words) => {
      try {
        expect([true, false, undefined]).toContain(select(words.join(' ')))
      } catch (error) {
        expect(String(error)).toMatch(/scope|compared|followed|bracket/)
      }
    })) // prettier-ignore
  })
})
