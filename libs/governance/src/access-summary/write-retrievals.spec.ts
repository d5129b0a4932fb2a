import type { Activity, Target } from '@catena/domain'
import { credentialOf, namedCredentialOf } from '@catena/projections'
import { startTestClient, thorough } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type pg from 'pg'
import type { Retrieval } from '../history/retrieval.js'
import { anyRetrieval } from '../testing/retrievals.js'
import { summarise } from './access-summary.js'
import { summariesOf } from './read-summaries.js'
import { writeRetrievals, type Changed } from './write-retrievals.js'

const TARGET = { system: 'vault/prod-1', container: 'secret/', path: 'orders/db' }
const CREDENTIAL = credentialOf(TARGET)!

let client: pg.Client
let stop: () => Promise<void>
beforeAll(async () => {
  ;({ client, stop } = await startTestClient())
}, 60_000)
afterAll(() => stop())

/** What is walked again at a later time: its end came, moved, or was taken back. */
const walkedAgain = fc.array(fc.tuple(fc.nat(7), anyRetrieval()), { minLength: 1, maxLength: 4 })

function factOf({ fact, at, kind, outcome, source, positions }: Retrieval): Activity {
  return { factId: fact, source, kind, type: kind, occurredAt: at, resolutionMs: 1, outcome, target: TARGET, groups: [], attributes: {}, conflicts: [], positions } // prettier-ignore
}

const EMPTY = 'TRUNCATE governance.retrieval, governance.access_summary, governance.shape'

function write(batch: readonly Retrieval[]): Promise<Changed> {
  return writeRetrievals(client, batch.map((retrieval) => ({ fact: factOf(retrieval), retrieval, settledAt: 0, presenters: [] }))) // prettier-ignore
}

describe('a row that is written again', () => {
  it('R1.9 tells of the clocks that its path leads through now, though the chain says the same', async () => {
    await client.query(EMPTY)
    const [same] = fc.sample(anyRetrieval(), 1)
    const through = (...sources: string[]) =>
      writeRetrievals(client, [{ fact: factOf(same!), retrieval: same!, settledAt: 0, presenters: sources }])
    await through()
    await through('vault', 'agents')
    const { rows } = await client.query('SELECT federated, presenters FROM governance.retrieval')
    expect(rows).toEqual([{ federated: true, presenters: ['vault', 'agents'] }])
  })
})

describe('a row that is written again with the same chain', () => {
  it('R5.2 tells from when on it stands now: what came to be known since may make it another one of an earlier date', async () => {
    await client.query(EMPTY)
    const [same] = fc.sample(anyRetrieval(), 1)
    const from = (settledAt: number) =>
      writeRetrievals(client, [{ fact: factOf(same!), retrieval: same!, settledAt, presenters: [] }])
    await from(1_000)
    expect((await from(3_000)).credentials).toEqual(new Set([CREDENTIAL]))
    expect((await from(2_000)).credentials).toEqual(new Set())
    const { rows } = await client.query('SELECT settled_us FROM governance.retrieval')
    expect(rows).toEqual([{ settled_us: '3000000' }])
  })
})

describe('a row that is known by its name alone', () => {
  it('R1.9 R5.1 tells that name when it is written, changes or turns out to be of a credential', async () => {
    await client.query(EMPTY)
    const [was] = fc.sample(anyRetrieval(), 1)
    const unplaced: Target = { system: TARGET.system, path: TARGET.path }
    const names = new Set([namedCredentialOf(TARGET)])
    const writing = (target: Target, presenters: string[] = []) =>
      writeRetrievals(client, [{ fact: { ...factOf(was!), target }, retrieval: was!, settledAt: 0, presenters }])
    expect(await writing(unplaced)).toEqual({ credentials: new Set(), names })
    expect(await writing(unplaced)).toEqual({ credentials: new Set(), names: new Set() })
    expect(await writing(unplaced, ['vault'])).toEqual({ credentials: new Set(), names })
    expect(await writing(TARGET)).toEqual({ credentials: new Set([CREDENTIAL]), names })
  })
})

describe('the sums of retrievals that are written again and again', () => {
  it('R6.3 R6.5 are those of all as they stand, whatever ends, comes back to be open, or turns out to be of somebody else', async () => {
    const first = fc.array(anyRetrieval(), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(first, fc.array(walkedAgain, { maxLength: 5 }), async (all, rounds) => {
        await client.query(EMPTY)
        const stand = [...all]
        await write(stand)
        for (const round of rounds) {
          const batch = new Map<string, Retrieval>()
          for (const [index, other] of round) {
            const { fact, at } = stand[index % stand.length]!
            const again: Retrieval = { ...other, fact, at }
            stand[index % stand.length] = again
            batch.set(fact, again)
          }
          await write([...batch.values()])
          const kept = (await summariesOf(client, [CREDENTIAL])).get(CREDENTIAL) ?? []
          expect(kept).toEqual(summarise(CREDENTIAL, stand))
        }
      }),
      { numRuns: thorough(20, 60) },
    )
  }, 120_000)

  it('R6.3 change nothing, and no credential, where the walk says what it said before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRetrieval(), { minLength: 1, maxLength: 8 }), async (all) => {
        await client.query(EMPTY)
        expect(await write(all)).toEqual({ credentials: new Set([CREDENTIAL]), names: new Set() })
        expect(await write(all)).toEqual({ credentials: new Set(), names: new Set() })
      }),
      { numRuns: thorough(15, 40) },
    )
  }, 60_000)
})
