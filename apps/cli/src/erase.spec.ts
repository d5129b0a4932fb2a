import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import pg from 'pg'
import { eventsNamed } from './erase/events-named.js'
import { rangesOf } from './erase/render.js'
import type { FakeContext } from './testing/fake-context.js'
import { logins, startRealCatena, type RealCatena } from './testing/real-catena.js'

jest.setTimeout(60_000)
let real: RealCatena
let reader: pg.Client
let file: string

beforeAll(async () => {
  real = await startRealCatena()
  file = join(real.folder, 'events.log')
  await writeFile(file, logins(100, 140))
  await real.catena('ingest', 'idp', file)
  await real.catena('rebuild', '--yes')
  reader = new pg.Client(real.databaseUrl)
  await reader.connect()
})
afterAll(async () => {
  await reader.end()
  await real.stop()
})

const erase = (...words: string[]) => real.catena('erase', '--reason', 'request 17', ...words)

function eraseAtTerminal(answer: string, ...words: string[]): Promise<FakeContext> {
  const stdin = Readable.from([Buffer.from(answer)])
  return real.catenaWith(
    { isTerminal: true, stdin, env: { NO_COLOR: '1', USER: 'operator' } },
    'erase',
    '--reason',
    'request 17',
    ...words,
  )
}

async function erased(): Promise<number[]> {
  const { rows } = await reader.query<{ position: string }>(
    'SELECT position FROM event WHERE payload IS NULL ORDER BY 1',
  )
  return rows.map(({ position }) => Number(position))
}

describe('catena erase', () => {
  it('R7.3 asks at a terminal, and does nothing without the word', async () => {
    for (const answer of ['', '\n', 'yes\n', 'n\n']) {
      const context = await eraseAtTerminal(answer, '--events', '3')
      expect(context.errors()).toMatch(
        /#3 {2}idp +LOGIN +2026-02-25 [\d:]+\n+Erase 1 event for good\? Type erase to go on: /,
      )
      expect(context.errors()).toMatch(/catena: not confirmed: nothing was erased\n$/)
      expect(context.code()).toBe(1)
    }
    expect((await erase('--events', '3')).errors()).toBe(
      'catena: nobody can be asked here: add --yes to erase without being asked\n',
    )
    expect(await erased()).toEqual([])
  })

  it('R7.3 takes the content of the events named, tells of it, and leaves a sound ledger with a tombstone', async () => {
    const context = await eraseAtTerminal('erase\n', '--events', '3', '5..6,', '--by', 'person:dpo')
    expect(context.out()).toMatch(
      /^Erased 3 events: #3, #5–#6\nTombstone: position 41, erasure:[0-9a-f-]{36}\nThe access index still holds/,
    )
    expect(context.code()).toBe(0)
    expect(await erased()).toEqual([3, 5, 6])
    const { rows } = await reader.query(
      `SELECT actor, type, convert_from(payload, 'UTF8')::json AS said FROM event WHERE position = 41`,
    )
    expect(rows).toEqual([
      { actor: 'person:dpo', type: 'EventsErased', said: { positions: [3, 5, 6], reason: 'request 17' } },
    ])
    expect((await real.catena('verify')).out()).toContain('41 events read')
    expect((await real.catena('verify')).code()).toBe(0)
  })

  it('R7.3 takes a record by its id, and knows it again afterwards', async () => {
    const { rows } = await reader.query<{ id: string }>(
      `SELECT encode(record_id, 'hex') AS id FROM event WHERE position = 8`,
    )
    const context = await erase('--events', rows[0]!.id.toUpperCase(), '--yes', '--json')
    expect(JSON.parse(context.out())).toMatchObject({ erased: 1, positions: [8], tombstone: { position: 42 } })
    expect(await erased()).toEqual([3, 5, 6, 8])
    await writeFile(join(real.folder, 'again.log'), `\n${logins(100, 140)}`)
    const again = await real.catena('ingest', 'idp', join(real.folder, 'again.log'))
    expect(again.out()).toContain('0 stored, 40 duplicates, 0 quarantined')
  })

  it('R7.3 leads to read models that hold nothing of it either', async () => {
    const holding = async (): Promise<number> => {
      const { rows } = await reader.query<{ facts: string }>(
        `SELECT count(*) AS facts FROM access_index.access_fact WHERE position('"e102"'::bytea IN body) > 0 OR fact_id LIKE '%:e102'`,
      )
      return Number(rows[0]!.facts)
    }
    expect(await holding()).toBe(1)
    const rebuilt = await real.catena('rebuild', 'access-index', '--yes', '--accept-difference')
    expect([rebuilt.code(), rebuilt.errors()]).toEqual([0, ''])
    expect(await holding()).toBe(0)
    expect((await real.catena('verify', '--read-models', 'all')).code()).toBe(0)
  })

  it('may be asked for again, and erases nothing twice', async () => {
    const again = await erase('--events', '3,5', '--yes')
    expect([again.errors(), again.code()]).toEqual(['catena: 2 events: all of them were erased before\n', 0])
    const json = await erase('--events', '3,5', '--yes', '--json')
    expect(JSON.parse(json.out())).toEqual({ erased: 0, positions: [3, 5], tombstone: null })
    const more = await erase('--events', '3..4', '--yes')
    expect(more.out()).toContain('Erased 1 event (1 erased before): #3–#4\n')
  })

  it('refuses what makes no sense in one line, and erases nothing', async () => {
    const before = await erased()
    for (const [words, message, code] of [
      [['--events', '30,77'], 'no event stands at 77 (the ledger ends at 43): nothing was erased', 1],
      [['--events', '30', '41'], 'no event that could be erased stands at 41', 1],
      [['--events', 'ab'.repeat(16)], `no record has the id ${'ab'.repeat(16)}: nothing was erased`, 3],
      [['--events', '1..20000'], '--events 1..20000 names 20000 events: erase at most 10000 at once', 1],
      [['--events', '30', '--reason', ' '], '--reason is empty: say why, in words that name nobody', 1],
    ] as const) {
      const context = await erase(...words, '--yes')
      expect([context.errors(), context.out(), context.code()]).toEqual([`catena: ${message}\n`, '', code])
    }
    expect(await erased()).toEqual(before)
  })
})

describe('events by name', () => {
  it.each(['', 'x', '0', '5..3', '1-3', 'abc123', '1;2'])('are not "%s"', (word) => {
    expect(() => eventsNamed([word])).toThrow(/is no position and no record id: write 12, 20\.\.29/)
  })

  it('are shown as ranges', () => expect(rangesOf([1, 2, 3, 7, 9, 10])).toBe('#1–#3, #7, #9–#10'))
})
