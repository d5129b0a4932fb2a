import { connectorFor } from '@catena/connectors'
import { LaneMoved, LedgerUnavailable, MemoryLedger } from '@catena/ledger'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { appendFile, mkdtemp, open, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { keys, plainConnector, recordLine, source } from '../fixtures/plain-connector.js'
import { ingestFile } from './file-door.js'
import type { FileIngest, FileSummary } from './file-ingest.js'

let folder: string
let path: string
let ledger: MemoryLedger

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catena-file-door-'))
  path = join(folder, 'audit.log')
  ledger = new MemoryLedger()
})
afterEach(() => rm(folder, { recursive: true }))

function ingest(more: Partial<FileIngest> = {}): Promise<FileSummary> {
  return ingestFile({ path, source, ledger, keys, connectorFor: () => plainConnector, ...more })
}

function lines(from: number, to: number): string {
  let text = ''
  for (let number = from; number < to; number += 1) text += `${recordLine(number)}\n`
  return text
}

async function storedNumbers(): Promise<unknown[]> {
  const events = await ledger.read(0, 100_000)
  return events.map(({ payload }) => (JSON.parse(payload!.toString()) as { n: number }).n)
}

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index)

const NOON = Date.UTC(2026, 2, 1, 12)

describe('a file', () => {
  it('is stored in order, with what is wrong in it counted by reason', async () => {
    await writeFile(
      path,
      `${lines(0, 5000)}\n\n${recordLine(5000, { type: 'new' })}\n{"broken\n${lines(5001, 5003)}${recordLine(3)}\n`,
    )
    const seen: number[] = []
    // By a clock that stands still, batches end at their size alone.
    const summary = await ingest({ now: () => NOON, onProgress: ({ read }) => seen.push(read) })
    expect(await storedNumbers()).toEqual(numbers(0, 5003))
    expect(summary).toMatchObject({
      read: 5005,
      stored: 5003,
      duplicates: 1,
      quarantined: 1,
      holes: 2,
      waitingBytes: 0,
    })
    expect(summary.reasons).toEqual({ 'no JSON object': 1 })
    expect(summary.unclassified).toEqual({ new: 1 })
    expect(summary.failure).toBeUndefined()
    expect(seen).toEqual([4000, 5005])
  })

  it('is resumed where the last run left it', async () => {
    await writeFile(path, lines(0, 100))
    await ingest()
    await appendFile(path, lines(100, 150))
    const second = await ingest()
    expect(second).toMatchObject({ read: 50, stored: 50, duplicates: 0 })
    expect(second.resumedAt).toBe(Buffer.byteLength(lines(0, 100)))
    expect(await ingest()).toMatchObject({ read: 0 })
    expect(await storedNumbers()).toEqual(numbers(0, 150))
  })

  it('is resumed where the last run left it, however much was added since', async () => {
    await writeFile(path, lines(0, 100))
    await ingest()
    await appendFile(path, lines(100, 3000))
    expect(await ingest()).toMatchObject({ read: 2900, stored: 2900 })
    expect(await ingest()).toMatchObject({ read: 0, resumedAt: Buffer.byteLength(lines(0, 3000)) })
  })

  it('is stored as far as it can be read, and says where it cannot', async () => {
    const whole = gzipSync(lines(0, 200))
    await writeFile(path, whole.subarray(0, whole.length - 4))
    const { failure, stored } = await ingest()
    expect([failure?.code !== undefined, stored]).toEqual([true, 200])
    expect(await storedNumbers()).toEqual(numbers(0, 200))
  })

  it('keeps a half line waiting where reading is stopped, though it is final', async () => {
    await writeFile(path, lines(0, 50) + recordLine(50).slice(0, 60))
    const stopped = await ingest({ final: true, signal: AbortSignal.abort() })
    expect(stopped).toMatchObject({ stored: 50, quarantined: 0, waitingBytes: 60 })
    expect(await ingest({ final: true })).toMatchObject({ read: 1, quarantined: 1 })
  })

  it('is refused as text in UTF-16, in either order of bytes', async () => {
    const text = Buffer.from(`\ufeff${lines(0, 3)}`, 'utf16le')
    for (const bytes of [text, Buffer.from(text).swap16()]) {
      await writeFile(path, bytes)
      expect((await ingest()).failure?.message).toMatch(/UTF-16/)
    }
  })

  it('keeps a half line waiting, until it is whole or final', async () => {
    const half = recordLine(50).slice(0, 60)
    await writeFile(path, lines(0, 50) + half)
    expect(await ingest()).toMatchObject({ stored: 50, quarantined: 0, waitingBytes: 60 })
    await appendFile(path, `${recordLine(50).slice(60)}\n${half}`)
    expect(await ingest()).toMatchObject({ stored: 1, quarantined: 0 })
    expect(await ingest({ final: true })).toMatchObject({
      quarantined: 1,
      reasons: { 'record ends early (truncated)': 1 },
    })
    expect(await storedNumbers()).toEqual(numbers(0, 51))
  })

  it('is recognised when it is rotated, also compressed', async () => {
    await writeFile(path, lines(0, 100))
    await ingest()
    await appendFile(path, lines(100, 120))
    await rename(path, `${path}.1`)
    expect(await ingest({ path: `${path}.1` })).toMatchObject({ read: 20, stored: 20 })
    await writeFile(`${path}.1.gz`, gzipSync(lines(0, 130)))
    expect(await ingest({ path: `${path}.1.gz` })).toMatchObject({ read: 10, stored: 10 })
    await writeFile(path, lines(130, 200))
    expect(await ingest()).toMatchObject({ read: 70, stored: 70, resumedAt: 0 })
    expect(await storedNumbers()).toEqual(numbers(0, 200))
  })

  it('is read again where its bytes before the offset changed, without counting twice', async () => {
    await writeFile(path, lines(0, 100))
    await ingest()
    await writeFile(path, lines(0, 60) + lines(1000, 1100))
    const again = await ingest()
    expect(again.resumedAt).toBe(0)
    expect(again).toMatchObject({ read: 160, stored: 100, duplicates: 60 })
    await truncate(path, Buffer.byteLength(lines(0, 60)))
    expect(await ingest()).toMatchObject({ read: 60, stored: 0, duplicates: 60 })
  })

  it.each([
    ['one record is longer', (line: string) => line.replace('app 1', 'app 11')],
    ['one record is another of the same length', (line: string) => line.replace('app 1', 'app 2')],
  ])('R1.9 is read again where far behind its beginning %s', async (_, edit) => {
    const all = numbers(0, 100).map((number) => recordLine(number))
    const write = (): Promise<void> => writeFile(path, `${all.join('\n')}\n`)
    await write()
    await ingest()
    all[90] = edit(all[90]!)
    await write()
    expect(await ingest()).toMatchObject({ resumedAt: 0, read: 100, stored: 1, duplicates: 99 })
    // What stands there now is known from then on.
    expect(await ingest()).toMatchObject({ read: 0 })
    await appendFile(path, lines(100, 110))
    expect(await ingest()).toMatchObject({ read: 10, stored: 10 })
  })

  it('R1.9 is read again where a broken line far behind its beginning was mended', async () => {
    await writeFile(path, `${lines(0, 90)}${recordLine(90).slice(0, -1)}\n${lines(91, 100)}`)
    expect(await ingest()).toMatchObject({ stored: 99, quarantined: 1 })
    await writeFile(path, lines(0, 100))
    expect(await ingest()).toMatchObject({ stored: 1, duplicates: 99 })
  })

  it('R1.9 is read once more where nothing is known of its content but the offset', async () => {
    await writeFile(path, lines(0, 100))
    await ingest()
    const forgetful = {
      append: (batch: Parameters<MemoryLedger['append']>[0]) => ledger.append(batch),
      laneStand: async (lane: string) => ({ ...(await ledger.laneStand(lane))!, content: undefined }),
    }
    expect(await ingest({ ledger: forgetful })).toMatchObject({ resumedAt: 0, read: 100, duplicates: 100 })
    expect(await ingest()).toMatchObject({ read: 0 })
  })

  it('gives the records of a pretty-printed array the same ids as its lines', async () => {
    await writeFile(path, lines(0, 50))
    await ingest()
    const array = join(folder, 'array.json')
    const records = numbers(0, 50).map((number) => JSON.parse(recordLine(number)) as unknown)
    await writeFile(array, JSON.stringify(records, null, 2))
    expect(await ingest({ path: array })).toMatchObject({ read: 50, stored: 0, duplicates: 50, waitingBytes: 0 })
  })

  it('goes on from the committed offset when the ledger failed', async () => {
    await writeFile(path, lines(0, 10_000))
    let appends = 0
    const failing = {
      laneStand: (lane: string) => ledger.laneStand(lane),
      append: (batch: Parameters<MemoryLedger['append']>[0]) =>
        ++appends === 2 ? Promise.reject(new LedgerUnavailable('gone')) : ledger.append(batch),
    }
    // The clock stands still, so that batches are full ones however slow the machine is.
    await expect(ingest({ ledger: failing, now: () => 0 })).rejects.toThrow(LedgerUnavailable)
    expect(await ingest()).toMatchObject({ read: 6000, stored: 6000, duplicates: 0 })
    expect(await storedNumbers()).toEqual(numbers(0, 10_000))
  })

  it('is stored once when two processes read it', async () => {
    await writeFile(path, lines(0, 9000))
    await Promise.all([ingest(), ingest()])
    expect(await storedNumbers()).toEqual(numbers(0, 9000))
  })
})

describe('a gzip file', () => {
  it('may have several members', async () => {
    await writeFile(path, Buffer.concat([gzipSync(lines(0, 10)), gzipSync(lines(10, 20))]))
    expect(await ingest()).toMatchObject({ stored: 20 })
  })

  it('may have garbage behind it', async () => {
    await writeFile(path, Buffer.concat([gzipSync(lines(0, 10)), Buffer.alloc(100_000)]))
    expect(await ingest()).toMatchObject({ stored: 10 })
  })

  it('that was cut off is stored as far as it reads, and completed later', async () => {
    const whole = gzipSync(lines(0, 20_000))
    await writeFile(path, whole.subarray(0, whole.length - 2000))
    const first = await ingest()
    expect(first.failure).toMatchObject({ code: 'gzip-ends-early' })
    expect(first.failure?.message).toContain('the gzip file ends early')
    expect(first.stored).toBeGreaterThan(15_000)
    expect(first).toMatchObject({ quarantined: 0 })
    await writeFile(path, whole)
    expect(await ingest()).toMatchObject({ stored: 20_000 - first.stored, duplicates: 0, quarantined: 0 })
    expect(await storedNumbers()).toEqual(numbers(0, 20_000))
  })

  it('that is damaged says so', async () => {
    const damaged = gzipSync(lines(0, 1000))
    damaged.fill(0xff, damaged.length >> 1, (damaged.length >> 1) + 50)
    await writeFile(path, damaged)
    expect((await ingest()).failure?.code).toBe('gzip-corrupt')
  })
})

describe('a file of another kind of source', () => {
  it('is refused before anything is stored, whole and compressed', async () => {
    const login = '{"id":"e1","time":1772000000000,"type":"LOGIN","realmId":"acme","userId":"u1"}\n'
    for (const content of [login, gzipSync(login)]) {
      await writeFile(path, content)
      expect(await ingest({ connectorFor })).toMatchObject({ read: 0, failure: { code: 'wrong-source' } })
    }
    expect(await ledger.head()).toBe(0)
  })
})

describe('what is no text', () => {
  it.each([
    ['binary', Buffer.from(Array.from({ length: 6000 }, (_, index) => (index * 7919) % 256))],
    ['zstd', Buffer.from('28b52ffd0458', 'hex')],
    ['UTF-16', Buffer.from('\uFEFF{"a":1}', 'utf16le')],
    ['gzipped binary', gzipSync(Buffer.from(Array.from({ length: 6000 }, (_, index) => (index * 7919) % 256)))],
  ])('%s is refused before anything is stored', async (_, bytes) => {
    await writeFile(path, bytes)
    const summary = await ingest()
    expect(summary.failure?.code).toBe('binary')
    expect(summary).toMatchObject({ read: 0 })
    expect(await ledger.head()).toBe(0)
  })

  it('a missing file is named', async () => {
    expect((await ingest({ path: `${path}.none` })).failure?.code).toBe('cannot-open')
  })
})

describe('a pipe', () => {
  it.each([
    ['plain', Buffer.from(lines(0, 300))],
    ['gzip', gzipSync(lines(0, 300))],
  ])('%s is read to its end', async (_, bytes) => {
    async function* pipe(): AsyncGenerator<Buffer> {
      for (let at = 0; at < bytes.length; at += 1000) yield await Promise.resolve(bytes.subarray(at, at + 1000))
    }
    expect(await ingest({ path: '-', pipe: pipe() })).toMatchObject({ stored: 300, waitingBytes: 0 })
  })
})

describe('a followed file', () => {
  it('gives what is added, across rotation and truncation', async () => {
    await writeFile(path, '')
    const stop = new AbortController()
    const done = ingest({ follow: true, signal: stop.signal })
    const stored = async (count: number): Promise<void> => {
      while ((await ledger.head()) < count) await sleep(20)
    }
    await appendFile(path, lines(0, 60))
    await stored(60)
    await appendFile(path, lines(60, 90))
    await rename(path, `${path}.1`)
    await writeFile(path, lines(90, 140))
    await stored(140)
    await writeFile(path, lines(140, 150))
    await stored(150)
    stop.abort()
    expect(await done).toMatchObject({ stored: 150, quarantined: 0 })
    expect(await storedNumbers()).toEqual(numbers(0, 150))
  })
})

describe('a followed file that is rotated', () => {
  let stop: AbortController
  beforeEach(() => {
    stop = new AbortController()
  })

  const follow = (more: Partial<FileIngest> = {}): Promise<FileSummary> =>
    ingest({ follow: true, signal: stop.signal, ...more })
  async function stored(count: number): Promise<void> {
    const deadline = Date.now() + 10_000
    while ((await ledger.head()) < count && Date.now() < deadline) await sleep(20)
  }

  it('R1.9 is read on under its new name until its writer has turned to the new one', async () => {
    await writeFile(path, lines(0, 60))
    const done = follow()
    await stored(60)
    const writer = await open(path, 'a')
    await rename(path, `${path}.1`)
    await writeFile(path, lines(60, 100))
    await stored(100)
    await writer.write(`${lines(100, 110)}{"half`)
    await writer.close()
    await stored(110)
    stop.abort()
    expect(await done).toMatchObject({ stored: 110, quarantined: 0, waitingBytes: 6 })
    expect(await storedNumbers()).toEqual(numbers(0, 110))
  })

  it('R1.9 by copying and truncating is read from its start, also where it has grown past the old offset', async () => {
    await writeFile(path, lines(0, 10))
    const done = follow()
    await stored(10)
    await writeFile(path, lines(10, 40))
    await stored(40)
    stop.abort()
    expect(await done).toMatchObject({ stored: 40, quarantined: 0 })
    expect(await storedNumbers()).toEqual(numbers(0, 40))
  })

  it('R1.9 is followed however often another process reads it too', async () => {
    await writeFile(path, lines(0, 40))
    let appends = 0
    const contended = {
      laneStand: (lane: string) => ledger.laneStand(lane),
      append: (batch: Parameters<MemoryLedger['append']>[0]) =>
        ++appends % 2 === 1 ? Promise.reject(new LaneMoved('file:x', 0n, 0n)) : ledger.append(batch),
    }
    const done = follow({ ledger: contended })
    await stored(40)
    for (let number = 40; number < 47; number++) {
      await appendFile(path, lines(number, number + 1))
      await stored(number + 1)
    }
    stop.abort()
    expect(await done).toMatchObject({ stored: 47 })
  })
})
