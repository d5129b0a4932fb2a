import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Activity } from '@catena/domain'
import { DAY, directoryOf, key, member, members, person, told, named } from './testing/told.js'

const ANN = key('person', 'ann')
const BO = key('person', 'bo')
const OPS = key('group', 'Ops')

describe('a person whom changes describe', () => {
  const facts = [
    person('ann', 1 * DAY, {
      created: true,
      enabled: true,
      username: 'ann',
      email: 'ann@acme.example',
      department: 'Sales',
    }),
    person('ann', 10 * DAY, { manager: BO, department: 'Finance', title: 'Lead' }),
    person('ann', 20 * DAY, { manager: key('person', 'cy') }),
    person('ann', 30 * DAY, { enabled: false }),
    person('ann', 40 * DAY, { deleted: true }),
  ]
  const directory = directoryOf(facts)
  const at = async (day: number) => (await directory.entries([ANN], day * DAY)).get(ANN)

  it('R3.3 had the manager of that time, and none before one was stated', async () => {
    expect((await at(5))?.manager).toBeUndefined()
    expect((await at(15))?.manager).toMatchObject({ person: BO, readBack: false })
    expect((await at(25))?.manager?.person).toBe(key('person', 'cy'))
    expect((await at(15))?.department).toBe('Finance')
  })

  it('R4.1 was active, disabled and gone, each since its change', async () => {
    expect((await at(0))?.employment.state).toBe('unknown')
    expect((await at(5))?.employment).toMatchObject({ state: 'active', since: 1 * DAY })
    expect((await at(35))?.employment).toMatchObject({ state: 'disabled', since: 30 * DAY })
    expect((await at(45))?.employment).toMatchObject({ state: 'left', since: 40 * DAY })
  })

  it('R4.1 was away from the record of it to the one that takes it back, and of lists only while they say so', async () => {
    const absences = async (more: typeof facts) =>
      (await directoryOf(more).entries([ANN], 99 * DAY)).get(ANN)?.absences.map(({ from, to }) => [from, to].map((day) => day && day / DAY)) // prettier-ignore
    expect(await absences(facts)).toEqual([[30, undefined]])
    expect(await absences([...facts.slice(0, 4), person('ann', 35 * DAY, { enabled: true })])).toEqual([[30, 35]])
    const list = (day: number, enabled: boolean) => person('ann', day * DAY, { snapshot: true, statedAt: day * DAY, enabled }) // prettier-ignore
    expect(await absences([list(10, false), list(20, false), list(30, true)])).toEqual([[10, 20]])
  })

  it('R1.10 tells all groups from the record of the account’s making, or from a list of all, and else never', async () => {
    const from = async (...told: typeof facts) => (await directoryOf(told).entries([ANN], 99 * DAY)).get(ANN)?.groupsToldFrom // prettier-ignore
    expect(await from(...facts)).toBe(1 * DAY)
    expect(await from(person('ann', 7 * DAY, { snapshot: true, statedAt: 5 * DAY, allGroups: true }))).toBe(5 * DAY)
    expect(await from(person('ann', 7 * DAY, { enabled: true }))).toBeUndefined()
  })

  it('R4.1 tells joiner, mover and leaver as changes in order of time', async () => {
    const changes = await directory.changesOf([ANN], { from: 0, to: 100 * DAY })
    expect(changes.map(({ kind, at: time }) => [kind, time / DAY])).toEqual([
      ['joined', 1],
      ['moved', 10],
      ['manager changed', 20],
      ['disabled', 30],
      ['left', 40],
    ])
    expect(await directory.changesOf([ANN], { from: 30 * DAY, to: 40 * DAY })).toHaveLength(1)
  })

  it('is found by login name, e-mail address, id and key', async () => {
    for (const term of ['ann', 'ANN', 'ann@acme.example', ANN]) expect(await directory.find(term)).toEqual([ANN])
    expect(await directory.find('nobody')).toEqual([])
  })
})

describe('a person whom only a list of later describes', () => {
  const list = (attributes: object) =>
    person('ann', 50 * DAY, { snapshot: true, statedAt: 50 * DAY, username: 'ann', ...attributes })
  const before = async (attributes: object) => (await directoryOf([list(attributes)]).entries([ANN], 20 * DAY)).get(ANN)

  it('R1.10 was there before, with manager and names read back', async () => {
    expect(await before({ enabled: true, manager: BO })).toMatchObject({
      employment: { state: 'active' },
      manager: { person: BO, readBack: true },
    })
  })

  it('R5.1 is not known to have left or been locked before the list says so', async () => {
    expect((await before({ employment: 'left' }))?.employment.state).toBe('unknown')
    expect((await before({ enabled: false }))?.employment.state).toBe('unknown')
  })

  it('R1.10 counts as left from the last day that is on record, and not as there before the first', async () => {
    const directory = directoryOf([list({ employment: 'active', startsAt: 10 * DAY, endsAt: 60 * DAY })])
    const state = async (day: number) => (await directory.entries([ANN], day * DAY)).get(ANN)?.employment.state
    expect(await Promise.all([5, 20, 59, 61].map(state))).toEqual(['unknown', 'active', 'active', 'left'])
  })
})

describe('a group', () => {
  const facts = [
    member('ann', 'Ops', 10 * DAY, true),
    member('ann', 'Ops', 20 * DAY, false),
    member('bo', 'Ops', 30 * DAY, false),
    members('Ops', ['cy', 'ann'], 40 * DAY),
    members('Ops', ['cy'], 50 * DAY),
  ]
  const names = async (day: number, given = facts) =>
    (await directoryOf(given).membersOf('ops', day * DAY)).map((one) => one.person.split(':').at(-1)).sort()

  it('R3.3 has the members of that moment, by additions, removals and whole lists', async () => {
    expect(await names(5)).toEqual(['bo'])
    expect(await names(15)).toEqual(['ann', 'bo'])
    expect(await names(25)).toEqual(['bo'])
    expect(await names(45)).toEqual(['ann', 'cy'])
    expect(await names(55)).toEqual(['cy'])
  })

  it('R3.3 tells each membership with its span, and says where a start is read back', async () => {
    const [bo] = await directoryOf(facts)
      .membersOf(OPS, 15 * DAY)
      .then((all) => all.filter((one) => one.person === BO))
    expect(bo).toMatchObject({ to: 30 * DAY, readBack: true, groupName: 'Ops' })
    expect(bo?.from).toBeUndefined()
    const [ann] = (await directoryOf(facts).groupsOf([ANN], 15 * DAY)).get(ANN) ?? []
    expect(ann).toMatchObject({ from: 10 * DAY, to: 20 * DAY, group: OPS, readBack: false })
  })

  it('R1.10 tells from and until when records say so, and since when it may have been', async () => {
    const of = async (given: typeof facts) =>
      (await directoryOf(given).membershipsOf([ANN, BO])).get(ANN)?.map(({ saidFrom, saidTo, earliest, to }) => [saidFrom, saidTo, earliest, to].map((at) => at && at / DAY)) // prettier-ignore
    const list = (ids: string[], day: number) => {
      const whole = members('Ops', ids, day * DAY)
      return { ...whole, attributes: { ...whole.attributes, snapshot: true, statedAt: day * DAY } }
    }
    // Added on day 10 and taken out on day 20; of a list on day 40, which one of day 50 does not repeat.
    expect(await of([...facts.slice(0, 3), list(['cy', 'ann'], 40), list(['cy'], 50)])).toEqual([
      [10, undefined, 10, 20],
      [40, 40, 20, 50],
    ])
    // A list is the first word of it: it may have been so for long.
    expect(await of([list(['ann'], 10), list(['ann'], 20)])).toEqual([[10, undefined, undefined, undefined]])
    // Only the end is on record.
    expect(await of([member('ann', 'Ops', 20 * DAY, false)])).toEqual([[undefined, undefined, undefined, 20]])
  })

  it('R1.9 has the same members whatever the order of the records, however often they are repeated', async () => {
    const expected = await names(45)
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2 }), async (shuffled) => {
        expect(await names(45, shuffled)).toEqual(expected)
      }),
      { numRuns: 20 },
    )
  })

  it('R3.3 was not left by whom a list does not name, whoever else it takes out', async () => {
    const list = members('Ops', ['cy'], 20 * DAY)
    const groups = [...list.groups, named('removed-dee', 'relates', 'person', 'dee')]
    const later = member('bo', 'Ops', 30 * DAY, true)
    expect(await names(10, [{ ...list, groups }, later])).toEqual(['dee'])
  })

  it('R3.3 of many members costs what each of them costs', async () => {
    const readsOf = async (count: number): Promise<number> => {
      const ids = Array.from({ length: count }, (_, n) => `m-${n}`)
      let reads = 0
      const watched = (list: Activity): Activity => ({
        ...list,
        groups: list.groups.map((one) => ({ ...one, get forms() { return (reads++, one.forms) } })),
      }) // prettier-ignore
      const lists = [members('Ops', ids, 10 * DAY), members('Ops', ids.slice(1), 20 * DAY)].map(watched)
      expect(await names(25, lists)).toHaveLength(count - 1)
      return reads
    }
    expect((await readsOf(1_000)) / (await readsOf(100))).toBeLessThan(11)
  })

  it('R3.3 R1.4 perhaps has those again who were in it, once it was deleted and restored, and nobody who had left before', async () => {
    const of = (what: object, day: number, outcome: Activity['outcome'] = 'succeeded') =>
      ({ ...told('membership-changed', day * DAY, [named('group', 'relates', 'group', 'Ops')], { ...what }), outcome }) as Activity // prettier-ignore
    const [ended, restored] = [of({ groupDeleted: true }, 20), of({ groupRestored: true }, 30)]
    const joined = [member('ann', 'Ops', 10 * DAY, true), member('bo', 'Ops', 10 * DAY, true), member('cy', 'Ops', 10 * DAY, true)] // prettier-ignore
    const before = [...joined, member('bo', 'Ops', 15 * DAY, false)]
    const spans = async (given: Activity[], who = ANN) =>
      (await directoryOf(given).membershipsOf([who])).get(who)?.map(({ saidFrom, saidTo, earliest, to, perhaps }) => [...[saidFrom, saidTo, earliest, to].map((at) => at && at / DAY), perhaps]) // prettier-ignore
    const was = [10, undefined, 10, 20, undefined]
    const may = (to?: number) => [undefined, undefined, 30, to, true]
    const told3 = [...before, ended, restored]
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...told3, ...told3], { minLength: 12 }), async (shuffled) => {
        expect(await names(15, shuffled)).toEqual(['ann', 'cy'])
        expect(await names(25, shuffled)).toEqual([])
        expect(await names(35, shuffled)).toEqual(['ann', 'cy'])
      }),
      { numRuns: 20 },
    )
    expect(await spans(told3)).toEqual([was, may()])
    expect(await spans(told3, BO)).toEqual([[10, undefined, 10, 15, undefined]])
    // The deletion is on no record, or the answer to the restoration is not.
    expect(await spans([...before, restored])).toEqual([[10, 10, 10, 30, undefined], may()])
    expect(await spans([...before, ended, of({ groupRestored: true }, 30, 'unknown')])).toEqual([was, may()])
    expect(await spans([...before, ended, of({ groupRestored: true }, 30, 'failed')])).toEqual([was])
    // What is said since.
    expect(await spans([...told3, member('ann', 'Ops', 40 * DAY, true)])).toEqual([
      was,
      may(40),
      [40, undefined, 40, undefined, undefined],
    ])
    expect(await spans([...told3, member('ann', 'Ops', 40 * DAY, false)])).toEqual([
      was,
      [undefined, undefined, 30, 40, undefined],
    ])
    expect(await spans([...told3, members('Ops', ['cy'], 40 * DAY)])).toEqual([was, may(40)])
    expect(await spans([...told3, person('ann', 40 * DAY, { deleted: true })])).toEqual([was, may(40)])
    expect(await spans([...told3, of({ groupDeleted: true }, 40), of({ groupRestored: true }, 50)])).toEqual([was, may(40), [undefined, undefined, 50, undefined, true]]) // prettier-ignore
    expect(await spans([...before, ended, person('ann', 25 * DAY, { deleted: true }), restored])).toEqual([was])
    // Nobody is said to have come or gone by what may be.
    const changes = async (given: Activity[]) => (await directoryOf(given).changesOf([ANN], { from: 0, to: 99 * DAY })).map(({ kind, at }) => [kind, at / DAY]) // prettier-ignore
    expect(await changes([...told3, members('Ops', ['cy'], 40 * DAY)])).toEqual([['entered group', 10], ['left group', 20]]) // prettier-ignore
  })

  it('R3.3 R1.4 had whoever was taken out first, also where that was after it had been deleted and restored', async () => {
    const of = (what: object, day: number) =>
      told('membership-changed', day * DAY, [named('group', 'relates', 'group', 'Ops')], { ...what })
    const out = member('ann', 'Ops', 40 * DAY, false)
    const spans = async (...given: Activity[]) =>
      (await directoryOf(given).membershipsOf([ANN])).get(ANN)?.map(({ from, to, readBack, perhaps, evidence }) => [from && from / DAY, to && to / DAY, readBack, perhaps, evidence.includes(out.positions[0]!)]) // prettier-ignore
    const [ended, restored] = [of({ groupDeleted: true }, 20), of({ groupRestored: true }, 30)]
    expect(await spans(ended, restored, out)).toEqual([
      [undefined, 20, true, undefined, true],
      [30, 40, true, undefined, true],
    ])
    expect(await spans(ended, out)).toEqual([[undefined, 20, true, undefined, true]])
    expect(await spans(out)).toEqual([[undefined, 40, true, undefined, true]])
    // A list that does not name her, and a second word on the same, say nothing of the kind.
    expect(await spans(members('Ops', ['cy'], 10 * DAY), out)).toEqual([])
    expect(await spans(out, member('ann', 'Ops', 50 * DAY, false))).toHaveLength(1)
  })

  it('R2.2 is told whole at no moment before the record that does, and by no list of somebody’s groups', async () => {
    const of = (what: object, day: number) =>
      told('membership-changed', day * DAY, [named('group', 'relates', 'group', 'Ops')], { ...what })
    const isWhole = async (day: number, ...given: Activity[]) =>
      (await directoryOf([member('ann', 'Ops', 10 * DAY, true), ...given]).groupEntries([OPS], day * DAY)).get(OPS)?.isToldWhole // prettier-ignore
    const [ended, restored] = [of({ groupDeleted: true }, 20), of({ groupRestored: true }, 30)]
    expect(await Promise.all([19, 20, 25, 30].map((day) => isWhole(day, ended, restored)))).toEqual([false, true, true, false]) // prettier-ignore
    expect(await Promise.all([14, 15].map((day) => isWhole(day, members('Ops', ['ann'], 15 * DAY))))).toEqual([false, true]) // prettier-ignore
    const row = { ...member('bo', 'Ops', 15 * DAY, true), attributes: { allGroups: true, snapshot: true, statedAt: 15 * DAY } } // prettier-ignore
    expect(await isWhole(40, row)).toBe(false)
  })

  it('R2.2 is told whole by its deletion, unless it was restored since', async () => {
    const of = (what: object, day: number) =>
      told('membership-changed', day * DAY, [named('group', 'relates', 'group', 'Ops')], { ...what })
    const [ended, restored] = [of({ groupDeleted: true }, 20), of({ groupRestored: true }, 30)]
    const isWhole = async (...given: Activity[]) =>
      (await directoryOf([member('ann', 'Ops', 10 * DAY, true), ...given]).groupEntries([OPS], 99 * DAY)).get(OPS)
        ?.isToldWhole
    expect(await isWhole(ended)).toBe(true)
    expect(await isWhole(ended, restored)).toBe(false)
    expect(await isWhole(restored, ended, of({ groupDeleted: true }, 40))).toBe(true)
    expect(await isWhole(ended, restored, members('Ops', ['ann'], 15 * DAY))).toBe(true)
  })

  it('R4.1 loses whoever is deleted', async () => {
    const gone = person('ann', 45 * DAY, { deleted: true })
    expect(await names(46, [...facts, gone])).toEqual(['cy'])
  })

  it('R1.10 is as it was known at a cut', async () => {
    const late = { ...member('dee', 'Ops', 1 * DAY, true), positions: [900] }
    const of = (position: number) => directoryOf([...facts, late], { position }).membersOf('Ops', 5 * DAY)
    expect((await of(800)).map((one) => one.person)).toEqual([BO])
    expect((await of(900)).map((one) => one.person)).toContain(key('person', 'dee'))
  })
})

describe('a workload', () => {
  it('R6.8 has the sponsors of that moment, and none where none is stated', async () => {
    const robot = key('repository', '7')
    const stated = (at: number, sponsors: string[]) =>
      told('sponsor-observed', at, [named('workload', 'relates', 'repository', '7')], { sponsors })
    const directory = directoryOf([stated(10 * DAY, [ANN]), stated(20 * DAY, [BO]), stated(30 * DAY, [])])
    const sponsors = async (day: number) =>
      (await directory.sponsorsOf([robot], day * DAY)).get(robot)?.map(({ sponsor }) => sponsor)
    expect(await Promise.all([5, 15, 25, 35].map(sponsors))).toEqual([undefined, [ANN], [BO], undefined])
  })
})

describe('a person of two directories', () => {
  const OTHER = key('person', 'ann-elsewhere')
  const relates = (role: string, id: string) => named(role, 'relates', 'person', id)
  const decided = (join: string, position: number, more: object = {}) => ({
    ...told('identity-joined', 50 * DAY, [relates('alias', 'ann-elsewhere'), relates('principal', 'ann')], {
      join,
      alias: OTHER,
      principal: ANN,
      ...more,
    }),
    positions: [position],
  })

  it('R1.6 is one principal by an accepted join, in its span and not before the decision was known', async () => {
    const join = decided('joined', 500, { validTo: 40 * DAY })
    const same = (day: number, position = 500) =>
      directoryOf([join], { position }).samePrincipal([ANN, OTHER], day * DAY)
    expect((await same(10)).get(ANN)).toEqual([ANN, OTHER])
    expect((await same(10)).get(OTHER)).toEqual([ANN, OTHER])
    expect((await same(45)).get(ANN)).toEqual([ANN])
    expect((await same(10, 499)).get(ANN)).toEqual([ANN])
  })

  it('R1.6 is one by a row of a list that names the other account, and two where nobody says so', async () => {
    const row = person('ann', 10 * DAY, { snapshot: true, statedAt: 10 * DAY, sameAs: [OTHER] })
    const listed = { ...row, groups: [...row.groups, relates('same', 'ann-elsewhere')] }
    const same = await directoryOf([listed]).samePrincipal([OTHER, BO], 20 * DAY)
    expect(same.get(OTHER)).toEqual([ANN, OTHER])
    expect(same.get(BO)).toEqual([BO])
  })
})
