import { describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import type { Verdict } from '../controls/control.js'
import { CROSSWALK } from './crosswalk.js'
import { readCoverage } from './read-coverage.js'

const entry = CROSSWALK.entries.find(({ controls }) => controls.length > 1)!
const [one = '', another = ''] = entry.controls

/** A fake of the database: what it counted of kept verdicts. */
const fakeCounts = (...counted: readonly [Readonly<Record<string, Verdict>> | null, number][]) =>
  ({
    query: () => Promise.resolve({ rows: counted.map(([verdicts, credentials]) => ({ verdicts, credentials, position: '7' })) }),
  }) as unknown as Pick<pg.Pool, 'query'> // prettier-ignore

describe('the coverage of a framework', () => {
  it('R5.7 counts a credential once for an entry, by the worst of its verdicts: unknown is no pass', async () => {
    const { entries, credentials } = await readCoverage(
      fakeCounts(
        [{ [one]: 'unknown', [another]: 'controlled' }, 3],
        [{ [one]: 'controlled', [another]: 'exception' }, 5],
        [{ [one]: 'uncontrolled', [another]: 'unknown' }, 7],
        [{ [another]: 'controlled' }, 11],
        [null, 13],
      ),
    )
    const covered = entries.find((coverage) => coverage.entry === entry)
    expect(covered?.verdicts).toEqual({ unknown: 3, exception: 5, uncontrolled: 7, controlled: 11 })
    expect(credentials).toBe(39)
  })
})
