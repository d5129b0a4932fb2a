import { makeKey, type Activity, type Outcome } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { accountActor } from './actors.js'

function login(outcome: Outcome, conflicts: readonly string[] = []): Activity {
  return {
    factId: 'idp:1',
    source: 'idp',
    kind: 'login',
    type: 'login',
    occurredAt: 1,
    resolutionMs: 0,
    outcome,
    groups: [
      {
        role: 'person',
        verb: 'presents',
        trust: 'verified',
        forms: [{ key: makeKey('person', 'okta/tideline', '00u1'), position: 1 }],
      },
    ],
    attributes: { username: 'nora' },
    conflicts,
    positions: [1],
  }
}

describe('who signed in, by the record alone', () => {
  it.each([
    ['succeeded', [], { state: 'proven', name: 'nora' }],
    ['denied', [], { state: 'missing', reason: 'refused: nobody was authenticated', shownAs: 'nora' }],
    ['failed', [], { state: 'missing', reason: 'refused: nobody was authenticated', shownAs: 'nora' }],
    ['unknown', [], { state: 'missing', reason: 'not recorded by that source', shownAs: 'nora' }],
    ['denied', ['outcome'], { state: 'missing', reason: 'not recorded by that source', shownAs: 'nora' }],
    ['succeeded', ['outcome'], { state: 'missing', reason: 'not recorded by that source', shownAs: 'nora' }],
  ] as const)('R8.1 is refused only where the record says so: %s, disagreeing on %j', (outcome, conflicts, actor) => {
    expect(accountActor(login(outcome, conflicts))).toMatchObject(actor)
  })
})
