import { WALK_DEFAULTS } from '@catena/access-chain'
import { AccessReader } from '@catena/projections'
import { FeedWriter, type FeedEvent } from '@catena/siem'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { isAllTold, newestOf, staleIn } from './feed-and-walk.js'
import { openFeedStage, type FeedStage } from './stage.js'

const BATCH_EVENTS = 100

/** Notes which step is derived while which is being written, and what is told again meanwhile. */
class WatchedReader extends AccessReader {
  writer: FeedWriter | undefined
  /** Steps that were begun before the one in front of them was written. */
  readonly ahead: number[] = []
  /** Steps begun ahead after which one cannot be derived. */
  failsAt: number | undefined = 12
  /** The last step that was begun. */
  private begun = 0
  private asked = 0
  readonly again: { readonly begun: number; readonly written: number }[] = []

  override heard(after: number): undefined {
    const written = this.writer?.position ?? 0
    this.begun = after
    this.asked = 0
    if (after > written) this.ahead.push(after)
    if (this.failsAt === this.ahead.length) {
      this.failsAt = undefined
      throw new Error('while one was written')
    }
    return undefined
  }

  /** A step asks for what is known, and what was known before it; whoever tells again asks for what is known alone. */
  override index(...given: Parameters<AccessReader['index']>): ReturnType<AccessReader['index']> {
    if (++this.asked > 2) this.again.push({ begun: this.begun, written: this.writer?.position ?? 0 })
    return super.index(...given)
  }
}

describe('a feed that is behind', () => {
  let stage: FeedStage
  let reader: WatchedReader
  let events: FeedEvent[]
  const failures: string[] = []
  beforeAll(async () => {
    stage = await openFeedStage(undefined, { isLed: false })
    await stage.take(['keycloak', 'vault-audit-a', 'vault-audit-b', 'ci-webhooks', 'vault-server'])
    const { databaseUrl, ledger, interpretation, pool } = stage
    reader = new WatchedReader(pool, ledger, interpretation, { ...WALK_DEFAULTS, sources: interpretation.sources })
    while ((await reader.projectedPosition()) < (await ledger.head())) await new Promise((soon) => setTimeout(soon, 20))
    const onError = (error: unknown): void => void failures.push((error as Error).message)
    let fails = true
    const clock = {
      now: () => {
        if (!fails || reader.ahead.length < 5) return Date.now()
        fails = false
        throw new Error('while the next was derived')
      },
    }
    const writer = new FeedWriter({ databaseUrl, ledger, reader, interpretation, clock, batchEventsMax: BATCH_EVENTS, onError }) // prettier-ignore
    reader.writer = writer
    writer.start()
    await writer.caughtUp(await ledger.head())
    await writer.stop()
    events = await stage.events()
  }, 180_000)
  afterAll(() => stage.close(), 60_000)

  it('R8.1 derives a step while the one before is written, and tells all of it once', async () => {
    expect(reader.ahead.length).toBeGreaterThan(10)
    expect(await isAllTold(stage)).toBe(true)
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1))
    expect((await staleIn(stage)).stale).toEqual([])
  })

  it('R8.1 goes on where it stood when a step could not be written while the next was derived, or the other way round', () => {
    expect(failures).toEqual(['while the next was derived', 'while one was written'])
  })

  it('R8.1 tells nothing again while a step is derived that knows less, so that no content comes back', () => {
    expect(reader.again.length).toBeGreaterThan(0)
    expect(reader.again.filter(({ begun, written }) => begun >= written)).toEqual([])
    const told = new Map<string, string[]>()
    for (const { id, hash } of events) told.set(id, [...(told.get(id) ?? []), hash])
    expect([...told].filter(([, hashes]) => new Set(hashes).size < hashes.length)).toEqual([])
    expect(newestOf(events).size).toBeGreaterThan(100)
  })
})
