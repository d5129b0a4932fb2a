import type { Key } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { NO_PARTIES } from '../population/parties.js'
import type { Directory, Identity } from '../ports/people.js'
import { accessRow } from '../testing/access.js'
import { personKey } from '../testing/campaign.js'
import { assign, People, type KnownSince } from './assign.js'

const [bob, eve, carol] = [personKey('bob'), personKey('eve'), personKey('carol')]
const known = new Map<Key, Identity>([[bob, { key: bob, name: 'bob', aliases: [eve], groups: [], leftAt: undefined }]])
const directory: Directory = {
  identities: () => Promise.resolve(known),
  managerOf: () => Promise.resolve(undefined),
  sponsorOf: () => Promise.resolve(undefined),
  membersOf: () => Promise.resolve([]),
}
const rules = [{ kind: 'people', people: [bob, carol] }] as const
const assigned = (since?: KnownSince) =>
  assign(rules, accessRow(), undefined, new People(directory, 1), Date.UTC(2026, 5, 1), since)

describe('what became known of an item since it was frozen', () => {
  it('R6.2 keeps who is a party by it from reviewing, by whatever name', async () => {
    expect((await assigned()).reviewers).toEqual([bob, carol])
    const found = await assigned({ parties: { ...NO_PARTIES, requesters: [eve] } })
    expect(found).toMatchObject({ reviewers: [carol], notReviewers: [{ person: bob, why: 'requester' }] })
  })

  it('R6.2 keeps who was found to be in conflict from reviewing, by whatever name', async () => {
    expect(await assigned({ excluded: [eve] })).toMatchObject({ reviewers: [carol], notReviewers: [{ person: bob, why: 'party' }] }) // prettier-ignore
  })
})
