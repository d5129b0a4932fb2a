import type pg from 'pg'
import { describe, expect, it } from '@jest/globals'
import { TokenUses } from './token-uses.js'

/** A fake of the database that fails as long as it is told to. */
function fakePool() {
  const written: (string | number)[] = []
  const pool = {
    isAway: false,
    written,
    query: ({ values: [id = ''] }: { values: (string | number)[] }) => {
      if (pool.isAway) return Promise.reject(new Error('connection lost'))
      written.push(id)
      return Promise.resolve()
    },
  }
  return pool
}

describe('a token in use', () => {
  it('is written at its first use and once a minute from then on, each token by itself', async () => {
    const pool = fakePool()
    const uses = new TokenUses(pool as unknown as pg.Pool)
    for (const at of [0, 1, 59_999]) await uses.note('a', at)
    expect(pool.written).toEqual(['a'])
    await uses.note('b', 59_999)
    await uses.note('a', 60_000)
    expect(pool.written).toEqual(['a', 'b', 'a'])
  })

  it('is written by the next use where a write failed', async () => {
    const pool = fakePool()
    const uses = new TokenUses(pool as unknown as pg.Pool)
    pool.isAway = true
    await expect(uses.note('a', 0)).rejects.toThrow('connection lost')
    pool.isAway = false
    await uses.note('a', 1)
    expect(pool.written).toEqual(['a'])
  })
})
