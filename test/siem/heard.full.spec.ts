import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import type { FeedContent } from '@catena/siem'
import { openFeedStage, type FeedStage } from './stage.js'

const FILES = ['vault-audit-a', 'keycloak', 'vault-audit-b', 'ci-webhooks', 'vault-server']

describe('a feed that hears what the thread of the access index interpreted', () => {
  let hearing: FeedStage
  let reading: FeedStage
  beforeAll(async () => {
    ;[hearing, reading] = [await openFeedStage(), await openFeedStage(undefined, { hears: false })]
  }, 120_000)
  afterAll(() => Promise.all([hearing.close(), reading.close()]), 60_000)

  it('R8.1 interprets no record, and tells what one tells that reads all', async () => {
    const interpreted = jest.spyOn(hearing.reader, 'observations')
    const interpretedThere = jest.spyOn(reading.reader, 'observations')
    for (const stage of [hearing, reading]) await stage.feed(FILES)
    expect(await told(hearing)).toEqual(await told(reading))
    expect((await told(hearing)).length).toBeGreaterThan(500)
    expect(interpretedThere).toHaveBeenCalled()
    expect(interpreted).not.toHaveBeenCalled()
  }, 180_000)

  it('R8.1 tells of decisions between the records', async () => {
    for (const stage of [hearing, reading]) {
      const decision = { type: 'CampaignCancelled', schemaVersion: 1, occurredAt: 5, actor: 'person:a', payload: Buffer.from('{"reason":"of its own"}'), subjects: [] } // prettier-ignore
      await stage.ledger.appendDecisions('campaign:1', 0, [decision])
      await stage.caughtUp()
    }
    expect(await told(hearing)).toEqual(await told(reading))
    expect(JSON.stringify(await told(hearing))).toContain('CampaignCancelled')
  })
})

/** The newest of each, by id. */
async function told(stage: FeedStage): Promise<[string, FeedContent][]> {
  const newest = new Map((await stage.events()).map((event) => [event.id, event.content]))
  return [...newest].sort(([a], [b]) => (a < b ? -1 : 1))
}
