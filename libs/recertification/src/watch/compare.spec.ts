import { describe, expect, it } from '@jest/globals'
import type { ItemCommand } from '../item/commands.js'
import { frozenState } from '../item/context.js'
import type { ItemState } from '../item/state.js'
import { itemId, subjectOf } from '../population/identity.js'
import type { AccessRow } from '../ports/access-summary.js'
import { accessRow } from '../testing/access.js'
import { frozenItem, LAUNCH, personKey } from '../testing/campaign.js'
import { commandsFor } from './compare.js'

const POSITION = 200
const closed: ItemState = {
  ...frozenState(frozenItem()),
  status: 'closed',
  how: 'outcome',
  outcome: { kind: 'certify' },
}
const boss = personKey('boss')

interface Case {
  readonly before?: Partial<AccessRow>
  readonly now?: Partial<AccessRow> | 'not told of'
  readonly owner?: string
  readonly late?: Partial<AccessRow>
  readonly others?: readonly AccessRow[]
  readonly state?: ItemState
}

function told({ before = {}, now = {}, owner = 'boss', late, others = [], state }: Case): ItemCommand[] {
  const item = frozenItem(before)
  const compared = {
    before: { row: accessRow(before), owner: boss },
    now: now === 'not told of' ? undefined : { row: accessRow({ ...before, ...now }), owner: personKey(owner) },
    late: { before: accessRow(before), now: accessRow({ ...before, ...late }) },
    others,
    position: POSITION,
  }
  return commandsFor(item, state ?? frozenState(item), compared)
}

describe('what became known after the freeze', () => {
  it('item changes mid-campaign: privilege, owner, grant and environment are material, the rest is cosmetic', () => {
    const grant = { id: 'g', scope: [], until: undefined, requester: undefined, beneficiary: undefined, approvers: [] }
    for (const change of [{ now: { privileged: true } }, { owner: 'heir' }, { now: { environment: 'staging' } }, { before: { grant }, now: { grant: { ...grant, scope: ['write'] } } }])
      expect(told(change)).toMatchObject([{ type: 'NoteChange', isMaterial: true, position: POSITION }])
    expect(told({ now: { verdict: 'unknown' } })).toMatchObject([{ type: 'NoteChange', isMaterial: false }])
    expect(told({ now: { uses: 9, lastUsedAt: LAUNCH + 1 } })).toEqual([])
  }) // prettier-ignore

  it('credential rotated mid-campaign: the same item, with its new version', () => {
    expect(told({ now: { version: 4, ended: { at: LAUNCH + 1, how: 'rotated', positions: [150] } } })).toEqual([
      { type: 'NoteChange', changes: ['version 3 → 4'], isMaterial: false, position: POSITION },
    ])
  })

  it('credential deleted: moot, with the source event', () => {
    const ended = { at: LAUNCH + 1, how: 'deleted', positions: [151] }
    expect(told({ now: { ended } })).toEqual([{ type: 'NoteGone', why: 'the credential was deleted', position: 151 }])
    expect(told({ before: { ended }, now: { ended } })).toEqual([])
  })

  it('accessors later found to be one person: the item of that person takes over an open one, a decided one stays and names it', () => {
    const ambiguous: Partial<AccessRow> = {
      accessor: { kind: 'ambiguous', candidates: ['ada', 'bob'].map((name) => ({ key: personKey(name), name, aliases: [] })) },
    }
    const heir = accessRow()
    const by = itemId('c1', subjectOf(heir))
    expect(told({ before: ambiguous, now: 'not told of', others: [heir] })).toMatchObject([{ type: 'Supersede', by }])
    expect(told({ before: ambiguous, now: 'not told of', others: [heir], state: closed })).toMatchObject([
      { type: 'Impeach', why: expect.stringContaining(by) as unknown, position: POSITION },
    ])
    const stranger = accessRow({ accessor: { kind: 'person', key: personKey('eve'), name: 'eve', aliases: [] }, evidence: [99] })
    expect(told({ before: ambiguous, now: 'not told of', others: [stranger] })).toMatchObject([{ type: 'NoteChange', isMaterial: true }])
  }) // prettier-ignore

  it('late records: what tells of the time before the freeze drifts an open item and impeaches a closed decision', () => {
    expect(told({ late: { chain: 'ambiguous' } })).toEqual([
      { type: 'NoteChange', changes: ['late record: chain proven → ambiguous'], isMaterial: true, position: POSITION },
    ])
    expect(told({ late: { uses: 8 }, state: closed })).toEqual([
      { type: 'Impeach', why: 'late record: uses 7 → 8', position: POSITION },
    ])
  })

  it('tells times as times', () => {
    const grant = { id: 'r1', scope: ['read'], requester: undefined, beneficiary: undefined, approvers: [] }
    const [before, now, late] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 2), Date.UTC(2026, 4, 30)]
    const changes = told({
      before: { grant: { ...grant, until: before } },
      now: { grant: { ...grant, until: now } },
      late: { lastUsedAt: late },
    })
    const words = JSON.stringify(changes)
    expect(words).toContain('grant r1 read until 2026-01-01T00:00:00.000Z → r1 read until 2026-01-02T00:00:00.000Z')
    expect(words).toMatch(/late record: last use \S+Z → 2026-05-30T00:00:00.000Z/)
  })
})
