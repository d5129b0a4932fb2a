import { expect } from '@jest/globals'
import { PostgresLedger, verifyLedger, type Ledger } from '@catena/ledger'
import { figuresOf, type Feed } from './ledger-feed.js'

/** Pages of the final reading. */
const PAGE = 5_000

/** What a fault cost. */
export interface Account {
  readonly stored: number
  readonly lost: number
  readonly duplicated: number
}

/**
 * Every record of the feeds is in the ledger exactly once, repetitions and poison are counted exactly, every offset is accounted for, and
 * the ledger verifies. Prints the figures.
 */
export async function accountFor(
  fault: string,
  databaseUrl: string,
  feeds: readonly Feed[],
  inFlight: number,
): Promise<void> {
  const ledger = new PostgresLedger({ databaseUrl })
  try {
    const account = await compare(ledger, feeds)
    process.stdout.write(
      `${fault}: ${inFlight} in flight, ${account.stored} stored, lost ${account.lost}, duplicated ${account.duplicated}\n`,
    )
    expect(account).toMatchObject({ lost: 0, duplicated: 0 })
    await expectCounters(ledger, feeds)
    expect((await verifyLedger(databaseUrl)).findings).toEqual([])
  } finally {
    await ledger.close()
  }
}

async function compare(ledger: Ledger, feeds: readonly Feed[]): Promise<Account> {
  const expected = new Set(feeds.flatMap((feed) => [...figuresOf(feed).ids]))
  const seen = new Set<string>()
  let [stored, after] = [0, 0]
  for (let page = await ledger.read(0, PAGE); page.length > 0; page = await ledger.read(after, PAGE)) {
    after = page.at(-1)?.position ?? after
    for (const { stream, recordId } of page.filter((event) => event.stream.startsWith('record:'))) {
      stored++
      expect(stream).toBe('record:vault-prod')
      seen.add(recordId)
    }
  }
  return { stored, lost: [...expected].filter((id) => !seen.has(id)).length, duplicated: stored - seen.size }
}

/** Exact, not only balanced: a batch that was stored and delivered again would show as duplicates. */
async function expectCounters(ledger: PostgresLedger, feeds: readonly Feed[]): Promise<void> {
  const intake = await ledger.intake()
  for (const feed of feeds) {
    const { ids, duplicates, quarantined } = figuresOf(feed)
    expect(intake.filter(({ lane }) => lane === feed.lane)).toMatchObject([
      { stored: ids.size, duplicates, quarantined },
    ])
    expect(await ledger.laneOffset(feed.lane)).toBe(BigInt(feed.offsets))
  }
}
