import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { SUMMARY_VERSION } from '@catena/governance'
import pg from 'pg'
import { logins, startRealCatena, type RealCatena } from './testing/real-catena.js'
import { positionsOf } from './verify/positions.js'

let real: RealCatena
/** A database administrator who switched the triggers off. */
let superuser: pg.Client

beforeAll(async () => {
  real = await startRealCatena()
  const file = join(real.folder, 'events.log')
  await writeFile(file, logins(0, 60))
  await real.catena('ingest', 'idp', file)
  superuser = new pg.Client(real.databaseUrl)
  await superuser.connect()
  await superuser.query('SET session_replication_role = replica')
}, 60_000)
afterAll(async () => {
  await superuser.end()
  await real.stop()
})

async function tampering<T>(sql: string, undo: string, work: () => Promise<T>): Promise<T> {
  await superuser.query(sql)
  try {
    return await work()
  } finally {
    await superuser.query(undo)
  }
}

describe('catena verify', () => {
  it('R7.1 finds nothing wrong with a sound ledger', async () => {
    const context = await real.catena('verify')
    expect(context.out()).toMatch(/^Ledger, positions 1 to 60: 60 events read in \d+\.\d s\. ✓ nothing is wrong\n$/)
    expect([context.code(), context.errors()]).toEqual([0, ''])
    const ranged = await real.catena('verify', '--positions', '10..20')
    expect(ranged.out()).toMatch(
      /^Ledger, positions 10 to 20: 11 events read .*\nCounters, streams, archives, feed and campaigns are looked at only/,
    )
  })

  it('R7.1 names the position of what was edited, and ends with 1', async () => {
    const edit = [
      `UPDATE event SET type = type || 'x' WHERE position = 17`,
      `UPDATE event SET type = rtrim(type, 'x') WHERE position = 17`,
    ] as const
    await tampering(...edit, async () => {
      const context = await real.catena('verify')
      expect(context.out()).toMatch(
        /✗ 1 finding\nposition {2}finding +detail\n +#17 {2}envelope-altered {2}the envelope does not/,
      )
      expect(context.code()).toBe(1)
      const json = await real.catena('verify', '--json', '--positions', '..17')
      expect(JSON.parse(json.out())).toMatchObject({
        sound: false,
        ledger: { from: 1, to: 17, findings: [{ kind: 'envelope-altered', position: 17 }], findingsCount: 1 },
      })
      expect((await real.catena('verify', '--positions', '18..')).code()).toBe(0)
    })
  })

  it('R7.1 R8.1 tells what is wrong beside the ledger, and ends with 1', async () => {
    const edit = ['UPDATE feed_head SET sequence = 3', 'UPDATE feed_head SET sequence = 0'] as const
    await tampering(...edit, async () => {
      const context = await real.catena('verify')
      expect(context.out()).toMatch(
        /✓ nothing is wrong\n0 entries of the feed read against the ledger\. ✗ 1 finding\n {2}entries 1 to 3 of the feed are not there\n$/,
      )
      expect(context.code()).toBe(1)
      expect((await real.catena('verify', '--positions', '..17')).code()).toBe(0)
      const json = await real.catena('verify', '--json')
      expect(JSON.parse(json.out())).toMatchObject({
        sound: false,
        feed: { findingsCount: 1 },
        campaigns: { count: 0 },
      })
    })
  })

  it('R7.1 tells what is wrong with the ledger also where what stands beside it cannot be read', async () => {
    const edit = [
      `UPDATE event SET type = type || 'x' WHERE position = 17; ALTER TABLE feed_head RENAME TO feed_head_away`,
      `UPDATE event SET type = rtrim(type, 'x') WHERE position = 17; ALTER TABLE feed_head_away RENAME TO feed_head`,
    ] as const
    await tampering(...edit, async () => {
      const context = await real.catena('verify')
      expect(context.out()).toMatch(/#17 {2}envelope-altered[\s\S]*\n✗ what stands beside the ledger could not be read/)
      expect(context.code()).toBe(1)
      expect(context.errors()).toMatch(/feed_head/)
      const json = await real.catena('verify', '--json')
      const ledger = { findings: [{ kind: 'envelope-altered', position: 17 }], findingsCount: 1 }
      expect(JSON.parse(json.out())).toMatchObject({ sound: false, unfinished: true, ledger })
    })
    const sound = [
      `ALTER TABLE feed_head RENAME TO feed_head_away`,
      `ALTER TABLE feed_head_away RENAME TO feed_head`,
    ] as const
    await tampering(...sound, async () => {
      const json = await real.catena('verify', '--json')
      expect(JSON.parse(json.out())).toMatchObject({ sound: false, unfinished: true, ledger: { findingsCount: 0 } })
    })
  })

  it('shows its progress to people at a terminal, apart from the answer', async () => {
    const context = await real.catenaWith({ isTerminal: true, columns: 80, env: { NO_COLOR: '1' } }, 'verify')
    expect(context.errors()).toMatch(/ledger {2}60 of 60 events/)
    expect(context.out()).not.toContain('of 60 events')
  })

  it('says at a terminal what is looked at, also after the ledger', async () => {
    const terminal = { isTerminal: true, columns: 80, env: { NO_COLOR: '1' } }
    const context = await real.catenaWith(terminal, 'verify', '--read-models', 'all')
    const parts = context.errors().split('\r\u001b[2K').map((line) => line.split('  ')[0] ?? '') // prettier-ignore
    const inOrder = ['ledger', 'feed', 'campaigns', 'accesses', 'verdicts', 'lists of decisions']
    expect([...new Set(parts)].filter((part) => inOrder.includes(part))).toEqual(inOrder)
    expect(parts.at(-1)).toBe('')
  })

  it('compares the access index with the ledger where asked to', async () => {
    const none = await real.catena('verify', '--read-models', 'all')
    expect(none.out()).toContain('0 facts compared with the ledger. ✗ it has not read the ledger yet')
    expect(none.code()).toBe(1)
    await real.catena('rebuild', '--yes')
    for (const extent of ['all', 'sample']) {
      const context = await real.catena('verify', '--read-models', extent)
      expect(context.out()).toMatch(
        /Access index at position 60: 60 facts compared with the ledger\. ✓ no difference\n$/,
      )
      expect(context.code()).toBe(0)
    }
    await superuser.query(
      `UPDATE access_index.access_fact SET kind = 'logout' WHERE fact IN (SELECT fact FROM access_index.access_fact LIMIT 1)`,
    )
    const context = await real.catena('verify', '--read-models', 'all')
    expect(context.out()).toMatch(/✗ 1 row differ.*\n {2}access_fact: different /)
    expect(context.code()).toBe(1)
  })

  it('R7.1 compares what is kept of accesses, and says where that is not made yet', async () => {
    const none = await real.catena('verify', '--read-models', 'sample')
    expect(none.out()).toContain(
      'What is kept of accesses was not looked at: it is not made yet, or is of another version.',
    )
    expect(JSON.parse((await real.catena('verify', '--read-models', 'sample', '--json')).out())).toMatchObject({ accesses: { isMade: false, count: 0, findingsCount: 0 } }) // prettier-ignore
    const edit = [
      `INSERT INTO governance.checkpoint SELECT 'access-summary', concat_ws(' ', ${SUMMARY_VERSION}, version, contents), position, '{}' FROM access_index.projection WHERE name = 'access-index';
       INSERT INTO governance.access_summary VALUES (md5('c')::uuid, 'a', '{}', '{}', NULL, '{}')`,
      'DELETE FROM governance.checkpoint; DELETE FROM governance.access_summary',
    ] as const
    await tampering(...edit, async () => {
      for (const extent of ['all', 'sample']) {
        const context = await real.catena('verify', '--read-models', extent)
        expect(context.out()).toContain(
          'What is kept of 0 accesses read against the ledger. ✗ 2 findings\n  clocks and coverage that the rows were made under are not those of the access index\n' +
            '  credential 4a8a08f09d37b73795649038408b5f33, accessor a: a sum is kept, and there is no retrieval\n',
        )
        expect(context.code()).toBe(1)
      }
    })
  }, 60_000)

  it('R7.1 compares the lists of decisions where all is asked for', async () => {
    const edit = [
      `INSERT INTO decisions.rule_list (kind, position, state) VALUES ('ownership', 7, '{}')`,
      'DELETE FROM decisions.rule_list',
    ] as const
    await tampering(...edit, async () => {
      const context = await real.catena('verify', '--read-models', 'all')
      expect(context.out()).toContain(
        'Lists of 0 decisions read against the ledger. ✗ 1 finding\n  rule_list: unexpected ownership 7\n',
      )
      expect(context.code()).toBe(1)
      const json = await real.catena('verify', '--read-models', 'all', '--json')
      expect(JSON.parse(json.out())).toMatchObject({ sound: false, decisions: { findingsCount: 1 } })
    })
    const other = [
      `INSERT INTO decisions.view (name, version, position) VALUES ('findings', 'older', 9)`,
      'DELETE FROM decisions.view',
    ] as const
    await tampering(...other, async () => {
      const context = await real.catena('verify', '--read-models', 'all')
      expect(context.errors()).toContain(
        'lists of decisions are of another version of Catena (findings): start `catena up`',
      )
      expect(context.code()).toBe(1)
    })
  })

  it('refuses what makes no sense in one line', async () => {
    for (const [words, message] of [
      [['--positions', '5..2'], '--positions is "5..2": write a range such as 100..200, 100.. or ..200, from 1'],
      [['--positions', '..99'], 'there is no position 99: the ledger ends at 60'],
      [['--archives', '/nowhere'], '--archives /nowhere: there is no such folder'],
      [['--read-models', 'some'], '--read-models is "some": write sample or all'],
    ] as const) {
      const context = await real.catena('verify', ...words)
      expect([context.errors(), context.code()]).toEqual([`catena: ${message}\n`, 1])
    }
  })
})

describe('a range of positions', () => {
  it.each([
    ['3..9', { from: 3, to: 9 }],
    ['3..', { from: 3 }],
    ['..9', { to: 9 }],
    ['7', { from: 7, to: 7 }],
  ])('%s', (text, range) => expect(positionsOf(text)).toEqual(range))

  it.each(['', '..', '0..3', '9..3', 'a..b', '1-3', '1..2..3', '-1'])('is not "%s"', (text) => {
    expect(() => positionsOf(text)).toThrow(/write a range such as/)
  })
})
