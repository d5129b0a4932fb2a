import { makeKey, type Activity, type Key } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import type { ScimDoor } from './door.js'
import { ScimService } from './service.js'

/** More than fits into memory comfortably, were each read for one page. */
const EVERYBODY = 50_300
const SYSTEM = 'scim/acme'
const keys = Array.from({ length: EVERYBODY }, (_, n) => makeKey('person', SYSTEM, String(n).padStart(6, '0')))

/** What was told of each of them: that they were created, and of every tenth that they were deleted. */
function told(key: Key): readonly Activity[] {
  const number = Number(key.slice(-6))
  const base = { occurredAt: number, outcome: 'succeeded', groups: [] }
  const created = { ...base, factId: `c${number}`, attributes: { username: `u${number}@acme.example`, externalId: `x${number % 7}` } } // prettier-ignore
  const deleted = { ...base, factId: `d${number}`, attributes: { deleted: true } }
  return (number % 10 === 9 ? [created, deleted] : [created]) as unknown as Activity[]
}

/** An index of so many people, without the hour that it takes to record them. */
function scimOf(
  people: readonly Key[],
  clock = { now: 0 },
): { service: ScimService; heldMost: () => number; times: () => number[] } {
  let heldMost = 0
  const stored: string[] = []
  const reader = {
    asOf: () => Promise.resolve({}),
    projectedPosition: () => Promise.resolve(Infinity),
    principals: (_: unknown, __: unknown, { limit, after }: { limit: number; after?: readonly [Key] }) => {
      const from = after === undefined ? 0 : people.indexOf(after[0]) + 1
      const items = people.slice(from, from + limit).map((key) => ({ item: { key }, place: [key] }))
      return Promise.resolve({ items, hasMore: from + limit < people.length })
    },
    index: () => ({
      factsBy: (lookups: readonly { key: Key }[]) => {
        heldMost = Math.max(heldMost, lookups.length)
        return Promise.resolve(new Map(lookups.map(({ key }) => [key, told(key)])))
      },
    }),
  }
  const door = { source: { scope: 'acme' }, base: '/scim/hr', reader, store: (record: string) => Promise.resolve(stored.push(record)), newId: () => 'id', now: () => clock.now } // prettier-ignore
  const times = () => stored.map((record) => Date.parse((JSON.parse(record) as { at: string }).at))
  return { service: new ScimService(door as unknown as ScimDoor), heldMost: () => heldMost, times }
}

interface Answer {
  readonly totalResults: number
  readonly Resources: readonly { readonly id: string }[]
}

describe('a list of more people than are read at once', () => {
  const { service, heldMost } = scimOf(keys)
  const list = async (query: object) => (await service.list('User', query)) as Answer
  const there = keys.filter((_, number) => number % 10 !== 9).map((key) => key.slice(-6))

  it('counts everybody, and its last page ends with the last of them', async () => {
    const { totalResults } = await list({ count: '0' })
    expect(totalResults).toBe(there.length)
    const last = await list({ startIndex: String(totalResults - 99), count: '200' })
    expect(last.Resources.map(({ id }) => id)).toEqual(there.slice(-100))
    expect((await list({ startIndex: String(totalResults + 1) })).Resources).toEqual([])
  })

  it('finds the last of them by a filter that has to look through all', async () => {
    const found = await list({ filter: 'externalId eq "x3"', count: '1' })
    expect(found.totalResults).toBe(there.filter((id) => Number(id) % 7 === 3).length)
    expect(found.Resources.map(({ id }) => id)).toEqual(['000003'])
  })

  it('never holds what was told of all at once', () => {
    expect(heldMost()).toBeGreaterThan(0)
    expect(heldMost()).toBeLessThanOrEqual(1_000)
  })
})

describe('the pages of a list, one after the other', () => {
  it('show each once, at every size', async () => {
    const { service } = scimOf(keys.slice(0, 1_207))
    for (const count of [37, 200]) {
      const ids: string[] = []
      let total = 1
      for (let startIndex = 1; startIndex <= total; startIndex += count) {
        const page = (await service.list('User', { startIndex: String(startIndex), count: String(count) })) as Answer
        ids.push(...page.Resources.map(({ id }) => id))
        total = page.totalResults
      }
      expect([ids.length, new Set(ids).size]).toEqual([total, total])
    }
  })
})

describe('a change that is taken by a clock behind what was told', () => {
  const atOf = async (number: number, now: number, write: (service: ScimService, id: string) => Promise<unknown>) => {
    const { service, times } = scimOf(keys, { now })
    await write(service, String(number).padStart(6, '0'))
    return times()[0]
  }
  const deactivate = (service: ScimService, id: string) => service.patch('User', id, { Operations: [{ op: 'replace', value: { active: false } }] }) // prettier-ignore

  it('R4.1 comes after that, so that nobody who was deactivated is active again when the clock has caught up', async () => {
    expect(await atOf(50_000, 40_000, deactivate)).toBe(50_001)
    expect(await atOf(50_000, 40_000, (service, id) => service.delete('User', id))).toBe(50_001)
    expect(await atOf(50_000, 40_000, (service, id) => service.replace('User', id, { userName: `u50000@acme.example`, active: false }))).toBe(50_001) // prettier-ignore
    expect(await atOf(50_000, 60_000, deactivate)).toBe(60_000)
  })

  it('R4.1 comes after that however far ahead the clock was that told it, so that no change is lost', async () => {
    expect(await atOf(50_000, -7_200_000, deactivate)).toBe(50_001)
    expect(await atOf(50_000, -7_200_000, (service, id) => service.delete('User', id))).toBe(50_001)
  })
})

describe('a clock that was two hours ahead and is set right', () => {
  const [AHEAD, RIGHT] = [7_200_000, 60_000]
  const patch = (service: ScimService, id: string) => service.patch('User', id, { Operations: [{ op: 'replace', value: { active: false } }] }) // prettier-ignore
  const idOf = (number: number) => String(number).padStart(6, '0')

  it('R4.1 leaves a change after what this process has just told of the same resource, though answers do not show that yet', async () => {
    const clock = { now: AHEAD }
    const { service, times } = scimOf(keys, clock)
    await patch(service, idOf(1))
    clock.now = RIGHT
    await patch(service, idOf(1))
    await patch(service, idOf(1))
    expect(times()).toEqual([AHEAD, AHEAD + 1, AHEAD + 2])
  })

  it('R4.1 lets changes of other resources count from when they came', async () => {
    const clock = { now: AHEAD }
    const { service, times } = scimOf(keys, clock)
    await patch(service, idOf(1))
    clock.now = 40_000
    await patch(service, idOf(50_000))
    clock.now = 45_000
    await patch(service, idOf(2))
    expect(times()).toEqual([AHEAD, 50_001, 45_000])
  })

  it('gives no two requests one time, neither then nor when it comes to those of before', async () => {
    const clock = { now: AHEAD }
    const { service, times } = scimOf(keys, clock)
    for (const now of [AHEAD, RIGHT, AHEAD, RIGHT]) {
      clock.now = now
      for (const number of [1, 2, 3, 4, 5]) await patch(service, idOf(number + now / 1_000))
    }
    expect(new Set(times()).size).toBe(20)
  })
})
