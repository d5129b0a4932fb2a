import { appendFileSync, copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { PARTITION_POSITIONS } from '@catena/ledger'
import pg from 'pg'
import { logins, startRealCatena, type RealCatena } from './testing/real-catena.js'

jest.setTimeout(60_000)
/** The first partition begins here, so that a few records fill it: 10, then 20 of the next. */
const FIRST = PARTITION_POSITIONS - 10
const LAST = PARTITION_POSITIONS - 1
const FILE = `events-${FIRST}-${LAST}.pgcopy.gz`

let real: RealCatena
let superuser: pg.Client
let folder: string

beforeAll(async () => {
  real = await startRealCatena()
  superuser = new pg.Client(real.databaseUrl)
  await superuser.connect()
  folder = join(real.folder, 'archive')
  mkdirSync(folder)
})
afterAll(async () => {
  await superuser.end()
  await real.stop()
})

const archive = (...words: string[]) => real.catena('archive', ...words)

async function ingest(): Promise<void> {
  await superuser.query(`SET session_replication_role = replica; UPDATE ledger_head SET position = ${FIRST - 1}`)
  const file = join(real.folder, 'events.log')
  await writeFile(file, logins(0, 30))
  await real.catena('ingest', 'idp', file)
}

describe('catena archive', () => {
  it('says that no partition is full yet', async () => {
    expect((await archive('list')).out()).toBe(
      'Nothing is in files. No partition is full yet: the first ends at position 1,048,575, the ledger at 0.\n',
    )
    const context = await archive('detach', '--before', '500', '--to', folder)
    expect([context.errors(), context.code()]).toEqual([
      'catena: no full partition ends before 500: the first one ends at position 1,048,575, the ledger at 0\n',
      1,
    ])
  })

  it('R7.1 moves a full partition into a file, once, and back', async () => {
    await ingest()
    const early = await archive('detach', '--before', '2020-01-01', '--to', folder)
    expect(early.errors()).toMatch(/^catena: no full partition ends before 2020-01-01: /)
    const detached = await archive('detach', '--before', '2100-01-01', '--to', folder, '--by', 'person:op')
    expect([detached.out(), detached.code()]).toEqual([`Positions 1,048,566 to 1,048,575: 10 records in ${FILE}\n`, 0])
    expect(readdirSync(folder)).toEqual([FILE, `${FILE}.json`])
    expect((await archive('list')).out()).toMatch(
      new RegExp(
        `1,048,566 {2}1,048,575 +10 {2}${FILE}\\n\\nFull partitions end at position 1,048,575, the ledger at 1,048,596\\.\\n$`,
      ),
    )
    const again = await archive('detach', '--before', String(LAST + 1), '--to', folder)
    expect([again.out(), again.code()]).toEqual(['Everything up to position 1,048,575 is in files already.\n', 0])
    const verified = await real.catena('verify', '--positions', `${FIRST}..`, '--archives', folder)
    expect([verified.out().includes('10 in archives'), verified.code()]).toEqual([true, 0])
    const unread = await real.catena('verify')
    expect(unread.out()).toContain(
      'What is in archives was not looked at: say by --archives <folder> where the files lie.',
    )
    const elsewhere = await real.catena('verify', '--archives', real.folder)
    expect(elsewhere.out()).toContain(`${FILE} cannot be read`)
    const read = await real.catena('verify', '--archives', real.folder, '--archives', folder, '--json')
    expect(JSON.parse(read.out())).toMatchObject({ readsArchives: true })
    expect(read.out()).not.toContain('archive-wrong')
    expect((await real.catena('verify', '--archives', folder)).out()).not.toContain('not looked at')
    const erasing = await real.catena('erase', '--events', String(FIRST + 2), '--reason', 'request 17', '--yes')
    expect(erasing.errors()).toBe(
      `catena: events ${FIRST} to ${LAST} are in an archive: \`catena archive attach <folder>/${FILE}\` first\n`,
    )
    const attached = await archive('attach', join(folder, FILE))
    expect([attached.out(), attached.code()]).toEqual([
      `Positions 1,048,566 to 1,048,575: 10 records are in the database again; ${FILE} stays.\n`,
      0,
    ])
    expect((await archive('attach', join(folder, FILE))).errors()).toBe(
      `catena: ${FILE} is attached already: its records are in the database\n`,
    )
    expect((await real.catena('verify', '--positions', `${FIRST}..`)).code()).toBe(0)
  })

  it('refuses a file that was altered, and one of another installation', async () => {
    await archive('detach', '--before', String(LAST + 1), '--to', folder)
    const altered = join(real.folder, FILE)
    copyFileSync(join(folder, FILE), altered)
    appendFileSync(altered, 'x')
    const context = await archive('attach', altered)
    expect([context.errors(), context.code()]).toEqual([
      `catena: ${FILE} is missing or is not the file that was detached\n`,
      1,
    ])
    const other = join(folder, 'events-1-1048575.pgcopy.gz')
    copyFileSync(join(folder, FILE), other)
    expect((await archive('attach', other)).errors()).toBe(
      'catena: the ledger knows nothing of events-1-1048575.pgcopy.gz: it is what a detach left that was ended before it was done (its records are in the database then), or an archive of another installation, or of a later state of this one\n',
    )
    expect((await archive('attach', join(folder, FILE))).code()).toBe(0)
  })

  it('R7.1 takes over at the next run what one left whose session the server ended at its commit', async () => {
    await superuser.query(`CREATE FUNCTION end_session() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
      AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON event_archive DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION end_session()`)
    await superuser.query('ALTER TABLE event_archive ENABLE ALWAYS TRIGGER at_commit')
    const other = join(real.folder, 'ended')
    mkdirSync(other)
    const ended = await archive('detach', '--before', String(LAST + 1), '--to', other)
    await superuser.query('DROP TRIGGER at_commit ON event_archive; DROP FUNCTION end_session')
    expect(ended.errors()).toMatch(
      /^catena: the database went away meanwhile \(.*\): run this again once it is there\n$/,
    )
    expect(readdirSync(other)).toEqual([FILE, `${FILE}.json`])
    expect((await archive('list')).out()).toMatch(/^Nothing is in files\. /)
    const again = await archive('detach', '--before', String(LAST + 1), '--to', other)
    expect(again.out()).toBe(`Positions 1,048,566 to 1,048,575: 10 records in ${FILE}\n`)
    expect((await real.catena('verify', '--positions', `${FIRST}..`, '--archives', other)).code()).toBe(0)
    expect((await archive('attach', join(other, FILE))).code()).toBe(0)
  })

  it('R7.3 names files of the range that it leaves beside its own: they may hold what was erased since', async () => {
    await real.catena('erase', '--events', String(FIRST + 4), '--reason', 'request 17', '--yes')
    const again = await archive('detach', '--before', String(LAST + 1), '--to', folder)
    const second = FILE.replace('.pgcopy', '.2.pgcopy')
    expect([again.out(), again.code()]).toEqual([
      `Positions 1,048,566 to 1,048,575: 10 records in ${second}\n` +
        `${FILE} was there before and is another: unless another installation needs it, destroy it, for it may hold what was erased since.\n`,
      0,
    ])
    expect(readdirSync(folder)).toContain(FILE)
    expect((await archive('attach', join(folder, second))).code()).toBe(0)
  })

  it('leaves a partition that does not verify where it is', async () => {
    await superuser.query(`UPDATE event SET type = 'x' WHERE position = ${FIRST + 3}`)
    const context = await archive('detach', '--before', String(LAST + 1), '--to', folder)
    expect(context.errors()).toMatch(/^catena: events \d+ to \d+ do not verify: envelope-altered at 1048569\n$/)
    expect(context.code()).toBe(1)
    await superuser.query(`UPDATE event SET type = 'LOGIN' WHERE position = ${FIRST + 3}`)
  })

  it('says that the ledger is busy where something reads it for long', async () => {
    await superuser.query('BEGIN; SELECT count(*) FROM event')
    const context = await archive('detach', '--before', String(LAST + 1), '--to', folder)
    await superuser.query('COMMIT')
    expect([context.errors(), context.code()]).toEqual([
      'catena: the ledger is being read by something that takes long: what was under way stays where it was; run it again, and `catena archive list` tells what is where\n',
      1,
    ])
  })

  it('refuses what makes no sense in one line', async () => {
    for (const [words, message] of [
      [['detach', '--before', 'soon', '--to', folder], '--before is "soon": write a position, or a date such as 2026-03-01 or 2026-03-01T08:00:00Z'],
      [['detach', '--before', '9', '--to', '/nowhere'], '--to /nowhere: there is no such folder; make it, readable for nobody else'],
      [['attach', '/nowhere/x.gz'], '/nowhere/x.gz: there is no such file'],
      [['attach', join(real.folder, 'catena.yaml')], 'catena.yaml is no archive of Catena: those are called events-<first>-<last>.pgcopy.gz'],
    ] as const) {
      const context = await archive(...words)
      expect([context.errors(), context.code()]).toEqual([`catena: ${message}\n`, 1])
    }
  }) // prettier-ignore
})
