import { surroundingsOf } from '@catena/governance'
import { isRetrieval } from '@catena/domain'
import { feedId, readStood, verifyFeed, type FeedEvent } from '@catena/siem'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { chainOf } from '../../libs/siem/src/feed/chain-aspects.js'
import { toEcs } from '../../libs/siem/src/formats/ecs/to-ecs.js'
import { toOcsf } from '../../libs/siem/src/formats/ocsf/to-ocsf.js'
import { ecsValidator, ocsfValidator } from '../../libs/siem/src/testing/schemas.js'
import { openFeedStage, type FeedStage } from './stage.js'

describe('the feed of the recorded organisation, whose sources arrive one after another', () => {
  let stage: FeedStage
  let events: FeedEvent[]
  beforeAll(async () => {
    stage = await openFeedStage()
    await stage.feed(['vault-audit-a', 'vault-audit-b', 'vault-server', 'keycloak', 'ci-webhooks'])
    events = await stage.events()
  }, 180_000)
  afterAll(() => stage.close(), 60_000)

  const newest = (): Map<string, FeedEvent> => new Map(events.map((event) => [event.id, event]))

  it('R8.1 numbers events without a gap, and the revisions of each id from 1', () => {
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1))
    const last = new Map<string, number>()
    for (const { id, revision } of events) {
      expect(revision).toBe((last.get(id) ?? 0) + 1)
      last.set(id, revision)
    }
  })

  it('R7.1 R8.1 verifies', async () => {
    expect(await verifyFeed(stage.pool)).toEqual({ count: events.length, findings: [], findingsCount: 0 })
  })

  it('R8.1 tells each retrieval, and of late records the chain anew under the same id', async () => {
    const asOf = await stage.reader.asOf()
    const { items } = await stage.reader.facts(asOf, {}, { limit: 10_000 })
    const facts = items.map(({ item }) => item).filter(isRetrieval)
    const chains = await stage.reader.chains(asOf, facts)
    const told = newest()
    const stale = chains.filter((chain) => {
      const event = told.get(feedId(`fact:${chain.fact.factId}`))
      const { actor, path } = chainOf(chain)
      return JSON.stringify([event?.content.chain?.actor, event?.content.chain?.path]) !== JSON.stringify([actor, path])
    })
    expect(facts.length).toBeGreaterThan(100)
    expect(stale.map(({ fact }) => fact.factId)).toEqual([])
    expect(events.filter(({ revision }) => revision > 1).length).toBeGreaterThan(10)
  })

  it('R1.1 R8.1 tells which credential was unwrapped, and of whoever had it wrapped no retrieval', async () => {
    const asOf = await stage.reader.asOf()
    const filter = { kinds: ['response-unwrapped'] as const, outcomes: ['succeeded'] as const }
    const { items } = await stage.reader.facts(asOf, filter, { limit: 500 })
    const chains = await stage.reader.chains(asOf, items.map(({ item }) => item)) // prettier-ignore
    const opened = chains.filter(({ content }) => content !== undefined)
    expect(opened.length).toBeGreaterThan(1)
    const told = newest()
    for (const { fact, content } of opened) {
      const { path } = content!.targets[0]!
      expect(told.get(feedId(`fact:${fact.factId}`))?.content).toMatchObject({ kind: 'credential-retrieved', credential: { path } })
      expect(told.get(feedId(`fact:${content!.facts[0]}`))?.content).toMatchObject({ kind: 'token-created', credential: { path } })
    }
  }) // prettier-ignore

  it('R8.1 is valid OCSF and ECS throughout', () => {
    const [ocsf, ecs] = [ocsfValidator(), ecsValidator()]
    const wrong = events.flatMap((event) => [...ocsf(toOcsf(event, 0)), ...ecs(toEcs(event, 0))])
    expect(wrong).toEqual([])
  })

  it('R3.1 names nobody that the walk does not attribute', () => {
    for (const { content } of events) {
      if (content.actor?.state === 'ambiguous' || content.actor?.state === 'missing') expect(content.actor.name).toBeUndefined() // prettier-ignore
      if (content.chain !== undefined) expect(content.actor?.state).toBe(content.chain.actor.state)
    }
  })

  it('R8.1 keeps clocks and coverage under which it was derived last', async () => {
    const index = stage.reader.index(await stage.reader.asOf())
    expect(await readStood(stage.pool)).toEqual(await surroundingsOf(index, stage.interpretation.sources))
  })

  it('R8.1 adds nothing when read models are built anew', async () => {
    const before = events.length
    await stage.rebuild()
    await stage.caughtUp()
    expect((await stage.events()).length).toBe(before)
  })

  it('keeps what it told: the application can neither change nor remove it', async () => {
    for (const sql of [`UPDATE feed_event SET content = 'x'`, 'DELETE FROM feed_event', 'TRUNCATE feed_event'])
      await expect(stage.pool.query(sql)).rejects.toThrow(/permission denied|append-only/)
  })
})
