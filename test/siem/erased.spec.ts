import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { verifyFeed } from '@catena/siem'
import { staleIn } from './feed-and-walk.js'
import { openFeedStage, type FeedStage } from './stage.js'

interface Row {
  readonly sequence: string
  readonly id: string
  readonly content_hash: string
  readonly is_empty: boolean
}

describe('a feed that rests on logins which were erased', () => {
  let stage: FeedStage
  let erased: readonly number[] = []
  let before = 0
  const restingOnThem = async (): Promise<Row[]> => {
    const sql = 'SELECT sequence, id, content_hash, content IS NULL AS is_empty FROM feed_event WHERE positions && $1::bigint[] ORDER BY sequence'
    return (await stage.pool.query<Row>(sql, [erased])).rows
  } // prettier-ignore
  beforeAll(async () => {
    stage = await openFeedStage()
    await stage.feed(['vault-audit-a', 'vault-audit-b', 'ci-webhooks'])
    // Of the sessions behind some of them, Keycloak tells late.
    const sql = `SELECT DISTINCT position FROM feed_event, unnest(positions) AS position WHERE convert_from(content, 'UTF8')::json ->> 'kind' = 'login'`
    erased = (await stage.pool.query<{ position: string }>(sql)).rows.map(({ position }) => Number(position))
    before = (await stage.events()).length
  }, 180_000) // prettier-ignore
  afterAll(() => stage.close(), 60_000)

  it('R7.3 loses the content of what rests on them, and keeps its place', async () => {
    const told = await restingOnThem()
    expect(told.length).toBeGreaterThan(5)
    expect(told.every(({ is_empty }) => !is_empty)).toBe(true)
    await stage.ledger.eraseEvents({ positions: erased, reason: 'request 17', actor: 'person:dpo' })
    await stage.caughtUp()
    const left = await restingOnThem()
    expect(left.map(({ sequence }) => sequence)).toEqual(told.map(({ sequence }) => sequence))
    expect(left.every(({ is_empty }) => is_empty)).toBe(true)
  })

  it('R7.3 tells what late records change of it without its content, once, as long as the access index tells of it', async () => {
    await stage.feed(['keycloak'])
    const again = (await restingOnThem()).filter(({ sequence }) => Number(sequence) > before)
    expect(again.length).toBeGreaterThan(0)
    expect(again.filter(({ is_empty }) => !is_empty)).toEqual([])
    expect(new Set(again.map(({ content_hash }) => content_hash)).size).toBe(1)
    expect(new Set(again.map(({ id }) => id)).size).toBe(again.length)
    const newest = (await stage.events()).findLast(({ id }) => id === again[0]?.id)
    expect(newest?.content).toMatchObject({ kind: 'event-erased', outcome: 'unknown' })
  })

  it('R7.3 says of nothing else otherwise than a walk does once the access index was built anew', async () => {
    await stage.rebuild()
    const { chains, stale } = await staleIn(stage)
    expect(chains).toBeGreaterThan(0)
    expect(stale.filter(([told]) => told !== undefined && told.kind !== 'event-erased')).toEqual([])
  })

  it('R7.1 R7.3 verifies all the same', async () => {
    expect(await verifyFeed(stage.pool)).toMatchObject({ findings: [], findingsCount: 0 })
  })
})
