import { MemoryFacts } from '@catena/access-chain'
import { FactDirectory } from '@catena/directory'
import { form, makeKey, type Activity, type Attributes, type KeyGroup } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { ana, ben, chief, days, NOW } from '../testing/histories.js'
import { readTeams } from './read-teams.js'

const team = makeKey('group', 'keycloak/acme', 'payments')
type Of = typeof ana

let last = 0
function told(daysAgo: number, groups: readonly (readonly [string, KeyGroup['verb'], Of])[], attributes: Attributes): Activity {
  last += 1
  return {
    factId: `idp:${last}`, source: 'idp', kind: 'membership-changed', type: 'told', occurredAt: days(daysAgo), resolutionMs: 0, outcome: 'succeeded', attributes,
    groups: groups.map(([role, verb, key]) => ({ role, verb, trust: 'verified', forms: [form(key)] })), conflicts: [], positions: [last],
  }
} // prettier-ignore
const listed = (daysAgo: number, ...members: Of[]) =>
  told(daysAgo, [['group', 'relates', team], ...members.map((key) => [`member-${key}`, 'relates', key] as const)], { allMembers: true }) // prettier-ignore
const moved = (daysAgo: number, key: Of, added: boolean) =>
  told(daysAgo, [['person', 'describes', key], ['group', 'presents', team]], { added }) // prettier-ignore
const described = (daysAgo: number, key: Of, attributes: Attributes) => told(daysAgo, [['person', 'describes', key]], attributes) // prettier-ignore
const [hires, leaves] = [{ enabled: true }, { deleted: true }]
const hired = (...keys: Of[]) => keys.map((key) => described(99, key, hires))

async function anyHere(...facts: Activity[]): Promise<string | undefined> {
  const memory = new MemoryFacts()
  for (const fact of facts) memory.add(fact)
  const directory = new FactDirectory(memory.at({ position: Infinity }), ['keycloak/acme'])
  return (await readTeams(directory, [team], NOW)).get(team)?.anyHere
}

describe('a team that answers for something', () => {
  it('R2.2 has somebody who is here where one of its members is', async () => {
    expect(await anyHere(...hired(ana, ben), listed(50, ana, ben), described(9, ana, leaves))).toBe('yes')
    expect(await anyHere(...hired(chief), listed(50), moved(9, chief, true))).toBe('yes')
    expect(await anyHere(...hired(chief), moved(9, chief, true))).toBe('yes')
  })

  it('R2.2 has nobody once each of those whom a directory listed left it, or left altogether', async () => {
    expect(await anyHere(...hired(ana, ben), listed(50, ana, ben), described(9, ana, leaves), moved(8, ben, false))).toBe('no') // prettier-ignore
    expect(await anyHere(...hired(ana), listed(50, ana), listed(9))).toBe('no')
    expect(await anyHere(...hired(ana), listed(50, ana), described(9, ana, { enabled: false }))).toBe('no')
  })

  it('R2.2 perhaps has somebody where that is all that is known of it: not who is in it, not whether they are here, or not of all', async () => {
    expect(await anyHere()).toBeUndefined()
    expect(await anyHere(listed(50))).toBe('perhaps')
    expect(await anyHere(listed(50, ana))).toBe('perhaps')
    expect(await anyHere(...hired(ana), listed(50, ana, ben), described(9, ana, leaves))).toBe('perhaps')
    expect(await anyHere(...hired(ana), moved(50, ana, true), moved(9, ana, false))).toBe('perhaps')
    const [deleted, restored] = [told(20, [['group', 'relates', team]], { groupDeleted: true }), told(10, [['group', 'relates', team]], { groupRestored: true })] // prettier-ignore
    expect(await anyHere(...hired(ana), moved(50, ana, true), deleted)).toBe('no')
    expect(await anyHere(...hired(ana), moved(50, ana, true), deleted, restored)).toBe('perhaps')
  })
})
