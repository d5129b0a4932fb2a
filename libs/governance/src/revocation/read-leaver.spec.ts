import { cutAt } from '@catena/ledger'
import type { AccessReader } from '@catena/projections'
import { describe, expect, it } from '@jest/globals'
import { ana, NOW } from '../testing/histories.js'
import { credentialsSeenBy } from './read-leaver.js'

const TARGET = { system: 'vault/prod-1', container: 'kv_1', path: 'payments/stripe' }
const asOf = { position: 9, cut: cutAt(9), validAt: undefined }

/** Of an earlier day: no summaries tell of it, so that what came through the person's names is followed. */
function readerWhere(...cuts: readonly boolean[]): AccessReader {
  let look = 0
  const index = { equated: () => Promise.resolve(new Map()), factsBy: () => Promise.resolve(new Map()) }
  return {
    pool: { query: () => Promise.resolve({ rows: [] }) },
    index: () => index,
    usesOf: () => Promise.resolve({ all: [{ target: TARGET, groups: [] }], isCut: cuts[look++] }),
  } as unknown as AccessReader
}

describe('what somebody has seen', () => {
  it('R4.2 R5.2 is said to be incomplete where not all that came through their names was followed', async () => {
    const cut = async (...cuts: readonly boolean[]) => {
      const { seen, isCut } = await credentialsSeenBy(readerWhere(...cuts), asOf, ana, NOW)
      return [seen.length, isCut]
    }
    expect(await Promise.all([cut(false, false), cut(true, false), cut(false, true)])).toEqual([[1, false], [1, true], [1, true]]) // prettier-ignore
  })
})
