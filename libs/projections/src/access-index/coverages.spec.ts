import { connect } from '@catena/platform'
import { startTestPostgres } from '@catena/testing'
import { describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import { readCoverages, readNewestTold } from './coverages.js'

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

  it('R1.9 is read from the ends of an index, also by statements that were planned when nothing was there yet', async () => {
    const postgres = await startTestPostgres()
    const client = await connect(postgres.databaseUrl, { applicationName: 'spec' })
    try {
      const plans: string[] = []
      const query = async ({ text }: { text: string }): Promise<unknown> => {
        const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN (GENERIC_PLAN) ${text}`)
        plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'))
        return { rows: [] }
      }
      const explaining = { query } as unknown as pg.Pool
      await readCoverages(explaining, { position: 9 }, SOURCES)
      await readNewestTold(explaining, 9, SOURCES)
      const ends = plans.map((plan) =>
        plan.match(/Limit [^\n]+\n +-> +Index Scan (?:Backward )?using \w+/g)?.map((end) => end.replace(/^.* /s, '')),
      )
      expect(ends).toEqual([
        ['access_fact_heard', 'access_told_heard', 'access_fact_heard', 'access_told_heard'],
        ['access_fact_source', 'access_told_source'],
      ])
    } finally {
      await client.end()
      await postgres.stop()
    }
  })
})
