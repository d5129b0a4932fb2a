import { describe, expect, it } from '@jest/globals'
import type { FeedContent, FeedEvent } from '../feed/event.js'
import { sampleOf } from '../testing/samples.js'
import { prepareBatch } from './batch.js'
import type { FeedFilter } from './destinations/destination.js'
import { readDestination } from './destinations/read-destination.js'

const EVENTS: readonly FeedEvent[] = (
  [
    ['login', { source: 'keycloak', severity: 1 }],
    ['login', { source: 'vault', severity: 4 }],
    ['finding-opened', { source: 'catena', severity: 4 }],
    ['event-erased', { source: 'catena', severity: 1 }],
  ] as const
).map(([kind, over], index) => sampleOf(kind, over satisfies Partial<FeedContent>, index + 1))

function sequencesTo(filter: FeedFilter): number[] {
  const destination = readDestination({ id: 'spec', kind: 'files', format: 'ecs', target: { folder: '/nowhere' }, filter }, ['keycloak', 'vault', 'catena']) // prettier-ignore
  const { events, outgoing, refused } = prepareBatch(destination, EVENTS, 0)
  expect([events, refused]).toEqual([EVENTS, []])
  return outgoing.map(({ event }) => event.sequence)
}

describe('a destination with a filter', () => {
  it.each<readonly [string, FeedFilter, readonly number[]]>([
    ['nothing', {}, [1, 2, 3, 4]],
    ['kinds', { kinds: ['login'] }, [1, 2, 4]],
    ['the lowest severity', { severity: 'high' }, [2, 3, 4]],
    ['sources', { sources: ['vault'] }, [2, 4]],
    ['all of them', { kinds: ['login'], severity: 'high', sources: ['keycloak'] }, [4]],
  ])('R8.1 gets what it names, by %s, and what was erased, which nobody can tell any more', (_, filter, sequences) => {
    expect(sequencesTo(filter)).toEqual(sequences)
  })
})
