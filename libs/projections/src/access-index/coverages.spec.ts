import { describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import { readCoverages } from './coverages.js'

/** Answers what is asked of as many sources as it can at once, and notes what it was asked. */
function poolFor(most: number) {
  const asked: (readonly string[])[] = []
  const query = ({ values: [sources] }: { values: [readonly string[]] }) => {
    asked.push(sources)
    if (sources.length > most) return Promise.reject(new Error('canceling statement due to statement timeout'))
    return Promise.resolve({ rows: sources.map((source) => ({ from_us: source === 'silent' ? null : '1000', to_us: source === 'silent' ? null : '2000' })) }) // prettier-ignore
  }
  return { pool: { query } as unknown as pg.Pool, asked }
}

const SOURCES = ['vault', 'silent', 'keycloak']
const TOLD = [{ from: 1, to: 2 }, undefined, { from: 1, to: 2 }]

describe('what sources cover', () => {
  it('R1.9 is read together', async () => {
    const { pool, asked } = poolFor(3)
    expect(await readCoverages(pool, { position: 9 }, SOURCES)).toEqual(TOLD)
    expect(asked).toEqual([SOURCES])
  })

  it('R1.9 is read one by one where it cannot be told together in time', async () => {
    const { pool, asked } = poolFor(1)
    expect(await readCoverages(pool, { position: 9 }, SOURCES)).toEqual(TOLD)
    expect(asked).toEqual([SOURCES, ...SOURCES.map((source) => [source])])
  })

  it('R1.9 fails where not even one can be told', async () => {
    await expect(readCoverages(poolFor(0).pool, { position: 9 }, SOURCES)).rejects.toThrow('timeout')
  })
})
