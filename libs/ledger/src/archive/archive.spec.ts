import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { prepareRoles } from '@catena/platform'
import { emptyLedger, startTestPostgres, type TestPostgres } from '@catena/testing'
import { batch, decision, positionsOf, record, records } from '../ledger-samples.js'
import { PARTITION_POSITIONS } from '../partitions.js'
import { PostgresLedger } from '../postgres-ledger.js'
import { verifyLedger } from '../verify/verify-ledger.js'
import { detachEvents } from './detach-events.js'
import { reattachEvents } from './reattach-events.js'

/** The first partition begins here, so that a few events fill it: 8 records, 2 decisions, then 10 records of the next. */
const FIRST = PARTITION_POSITIONS - 10
const LAST = PARTITION_POSITIONS - 1
const FILE = `events-${FIRST}-${LAST}.pgcopy.gz`
const ERASURE = { reason: 'request 17', actor: 'person:dpo' }

let database: TestPostgres
let access: string
let superuser: pg.Client
let ledger: PostgresLedger
let folder: string

beforeAll(async () => {
  database = await startTestPostgres()
  access = (await prepareRoles(database.databaseUrl)).databaseUrl
  superuser = new pg.Client(database.databaseUrl)
  await superuser.connect()
  await superuser.query('SET session_replication_role = replica')
}, 60_000)

afterAll(async () => {
  await superuser.end()
  await database.stop()
})

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'catena-archive-'))
  ledger = new PostgresLedger({ databaseUrl: access })
  await superuser.query('UPDATE ledger_head SET position = $1', [FIRST - 1])
  await ledger.append(batch(records(0, 8)))
  await ledger.appendDecisions('item-1', 0, [decision('Opened'), decision('Decided')])
  await ledger.append(batch(records(8, 18)))
})

afterEach(async () => {
  await ledger.close()
  await emptyLedger(database.databaseUrl)
  rmSync(folder, { recursive: true })
})

const detach = (more: { lockTimeoutMs?: number } = {}) =>
  detachEvents({ ownerUrl: database.databaseUrl, upTo: LAST + 5, folder, actor: 'person:op', ...more })
const reattach = (file = FILE) => reattachEvents({ ownerUrl: database.databaseUrl, file, folder, actor: 'person:op' })

/** All but that nothing stands before the first event of this spec. */
async function found(...archiveFolders: string[]): Promise<string[]> {
  const { findings } = await verifyLedger(access, archiveFolders.length === 0 ? {} : { archiveFolders })
  return findings
    .filter(({ position }) => position !== 1)
    .map(({ kind, position }) => `${kind} ${position ?? ''}`.trim())
}

describe('a closed partition', () => {
  it('moves into a file with a manifest, and only its records leave (R7.1)', async () => {
    const [manifest, ...others] = await detach()
    expect(manifest).toMatchObject({ first: FIRST, last: LAST, events: 10, decisions: 2, records: { 'vault-prod': 8 } })
    expect(others).toEqual([])
    expect(JSON.parse(readFileSync(join(folder, `${FILE}.json`), 'utf8'))).toEqual(manifest)
    expect(readdirSync(folder).sort()).toEqual([FILE, `${FILE}.json`])
    const { rows } = await superuser.query('SELECT count(*)::int FROM event_p000000')
    expect(rows).toEqual([{ count: 2 }])
    expect(await ledger.readStream(`archive:${FIRST}`)).toMatchObject([
      { type: 'EventRangeDetached', actor: 'person:op' },
    ])
  })

  it('is moved once, and never the one that is being written', async () => {
    await detach()
    expect(await detach()).toEqual([])
    expect(positionsOf(await ledger.read(LAST, 100))).toHaveLength(11)
  })

  it('R7.3 leaves no file behind where it has to give way to a reader', async () => {
    const reader = new pg.Client(database.databaseUrl)
    await reader.connect()
    await reader.query('BEGIN; SELECT count(*) FROM event')
    await expect(detach()).rejects.toMatchObject({ code: '55P03' })
    await reader.end()
    expect(readdirSync(folder)).toEqual([])
    expect(await ledger.eraseEvents({ ...ERASURE, positions: [FIRST + 1] })).toMatchObject({ erased: 1 })
  })

  it('R7.1 leaves alone what another installation, or another state of this one, calls the same', async () => {
    writeFileSync(join(folder, FILE), 'of another')
    const [manifest] = await detach()
    expect(manifest?.file).toBe(FILE.replace('.pgcopy', '.2.pgcopy'))
    expect(readFileSync(join(folder, FILE), 'utf8')).toBe('of another')
    expect(await found(folder)).toEqual([])
    await reattach(manifest?.file)
    expect(positionsOf(await ledger.read(FIRST - 1, 100))).toHaveLength(22)
  })

  it('R7.1 takes none of the files of before with it where it has to give way to a reader', async () => {
    await detach()
    await reattach()
    const reader = new pg.Client(database.databaseUrl)
    await reader.connect()
    await reader.query('BEGIN; SELECT count(*) FROM event')
    await expect(detach({ lockTimeoutMs: 300 })).rejects.toMatchObject({ code: '55P03' })
    await reader.end()
    expect(readdirSync(folder).sort()).toEqual([FILE, `${FILE}.json`])
  })

  const itOnLinux = existsSync('/dev/full') ? it : it.skip
  itOnLinux('stays where it is when the disk of the files is full, which is told so', async () => {
    symlinkSync('/dev/full', join(folder, `${FILE}.part`))
    await expect(detach()).rejects.toMatchObject({
      name: 'NotArchivable',
      message: expect.stringMatching(
        /\.part cannot be written \(the disk is full\): its range stays in the database; make room/,
      ),
    })
    expect(readdirSync(folder)).toEqual([])
    expect(await detach()).toHaveLength(1)
  })

  itOnLinux('lets go of the ledger when the disk of the files is full long before all is written', async () => {
    await emptyLedger(database.databaseUrl)
    await superuser.query('UPDATE ledger_head SET position = $1', [FIRST - 1])
    const large = Array.from({ length: 10 }, (_, number) =>
      record(`large${number}`, { payload: randomBytes(3_000_000) }),
    )
    for (const one of large) await ledger.append(batch([one]))
    symlinkSync('/dev/full', join(folder, `${FILE}.part`))
    await expect(detach()).rejects.toThrow('the disk is full')
    expect(await ledger.eraseEvents({ ...ERASURE, positions: [FIRST + 1] })).toMatchObject({ erased: 1 })
  })

  it('stays where it is when it does not verify (R7.1)', async () => {
    await superuser.query(`UPDATE event SET payload = '{}' WHERE position = $1`, [FIRST + 3])
    await expect(detach()).rejects.toThrow(`payload-altered at ${FIRST + 3}`)
    await superuser.query('DELETE FROM event WHERE position = $1', [FIRST + 3])
    await expect(detach()).rejects.toThrow(`event-missing at ${FIRST + 3}`)
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('a verification', () => {
  const changes: readonly [string, () => Promise<unknown>, () => Promise<unknown>][] = [
    ['detached', () => Promise.resolve(), () => detach()],
    ['attached', detach, () => reattach()],
  ]
  it.each(changes)('R7.1 takes a range that is %s meanwhile for no loss', async (_, before, meanwhile) => {
    await before()
    let changed: Promise<unknown> | undefined
    const onProgress = () => void (changed ??= meanwhile())
    const { findings, detached } = await verifyLedger(access, { onProgress })
    await changed
    expect(findings).toMatchObject([{ kind: 'event-missing', position: 1, last: FIRST - 1 }])
    expect(detached).toBe(before === detach ? 0 : 8)
  })
})

describe('a detached range', () => {
  beforeEach(() => detach())

  it('is named to whoever reads into it, and passed over by nobody (R7.1)', async () => {
    const detached = { name: 'EventsDetached', first: FIRST, last: LAST, file: FILE }
    await expect(ledger.read(FIRST - 1, 5)).rejects.toMatchObject(detached)
    await expect(ledger.readAt([LAST + 1, FIRST + 2])).rejects.toMatchObject(detached)
    expect(positionsOf(await ledger.readAt([LAST + 1]))).toEqual([LAST + 1])
  })

  it('still has its decisions', async () => {
    expect(await ledger.readStream('item-1')).toMatchObject([{ type: 'Opened' }, { type: 'Decided' }])
    expect(positionsOf(await ledger.read(LAST - 2, 5))).toEqual([LAST - 1, LAST, LAST + 1, LAST + 2, LAST + 3])
  })

  it('still knows its records: their bytes again are duplicates (R1.9)', async () => {
    expect(await ledger.append(batch(records(0, 18)))).toMatchObject({ stored: 0, duplicates: 18 })
  })

  it('verifies by its manifest; a file altered or gone, or a range that nobody declared, does not (R7.1)', async () => {
    expect([await found(), await found(folder)]).toEqual([[], []])
    appendFileSync(join(folder, FILE), 'x')
    expect(await found(folder)).toEqual([`archive-wrong ${FIRST}`])
    rmSync(join(folder, FILE))
    expect(await found(folder)).toEqual([`archive-wrong ${FIRST}`])
    await superuser.query(`UPDATE event_archive SET sha256 = sha256('x')`)
    expect(await found()).toEqual([`archive-wrong ${FIRST}`, 'intake-unbalanced'])
  })

  it('R7.1 does not verify where a decision that stayed is gone, with the head of its stream', async () => {
    await superuser.query(`DELETE FROM event WHERE stream = 'item-1'; DELETE FROM stream_head WHERE stream = 'item-1'`)
    expect(await found()).toEqual([`event-missing ${FIRST}`])
    const { findings } = await verifyLedger(access, { from: FIRST, to: LAST })
    expect(findings).toMatchObject([{ last: LAST, detail: expect.stringMatching(/^2 of the 2 decisions that stayed/) }])
  })

  it('refuses erasure until it is reattached (R7.3)', async () => {
    const request = { ...ERASURE, positions: [FIRST + 1] }
    await expect(ledger.eraseEvents(request)).rejects.toMatchObject({ name: 'EventsDetached', file: FILE })
    await reattach()
    expect(await ledger.eraseEvents(request)).toMatchObject({ erased: 1 })
    expect(await found()).toEqual([])
  })

  it('R7.3 refuses the erasure of a decision too, which its file holds once more', async () => {
    const request = { ...ERASURE, positions: [LAST] }
    await expect(ledger.eraseEvents(request)).rejects.toMatchObject({ name: 'EventsDetached', file: FILE })
    expect(await ledger.readStream('item-1')).toMatchObject([{ type: 'Opened' }, { payload: expect.any(Buffer) }])
    await reattach()
    expect(await ledger.eraseEvents(request)).toMatchObject({ erased: 1 })
  })

  it('comes back from its file as it was, and may leave again (R7.1)', async () => {
    await reattach()
    expect(positionsOf(await ledger.read(FIRST - 1, 100))).toHaveLength(22)
    expect(await found()).toEqual([])
    await expect(superuser.query(`SET session_replication_role = origin; TRUNCATE event_p000000`)).rejects.toThrow(
      /append-only/,
    )
    await superuser.query('SET session_replication_role = replica')
    await expect(reattach()).rejects.toMatchObject({ name: 'NotArchivable' })
    expect(await detach()).toHaveLength(1)
    expect(await found(folder)).toEqual([])
  })

  it('does not come back from a file that was altered (R7.1)', async () => {
    copyFileSync(join(folder, FILE), join(folder, 'kept'))
    chmodSync(join(folder, FILE), 0o600)
    appendFileSync(join(folder, FILE), 'x')
    await expect(reattach()).rejects.toThrow('is missing or is not the file that was detached')
    copyFileSync(join(folder, 'kept'), join(folder, FILE))
    await reattach()
  })

  it('does not bring back a decision that was erased meanwhile, as earlier versions allowed (R7.3)', async () => {
    const { rows } = await superuser.query<{ sha256: Buffer }>('DELETE FROM event_archive RETURNING *')
    await ledger.eraseEvents({ ...ERASURE, positions: [LAST] })
    const insert = 'INSERT INTO event_archive SELECT * FROM jsonb_populate_record(NULL::event_archive, $1)'
    await superuser.query(insert, [{ ...rows[0], sha256: `\\x${rows[0]?.sha256.toString('hex')}` }])
    await reattach()
    expect(await ledger.readStream('item-1')).toMatchObject([
      { type: 'Opened' },
      { type: 'Decided', payload: undefined },
    ])
    expect(await found()).toEqual([])
  })
})
