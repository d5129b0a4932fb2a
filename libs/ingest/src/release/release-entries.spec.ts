import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { text, type Connector } from '@catena/domain'
import { LedgerUnavailable, MemoryLedger, type QuarantineEntry } from '@catena/ledger'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { ingestFile } from '../doors/file-door.js'
import { receive } from '../doors/http-door.js'
import { keys, plainConnector, recordLine, source } from '../fixtures/plain-connector.js'
import { RECORD_BYTES_MAX } from '../framing/framed.js'
import { releaseEntries, type ReleaseDesk, type ReleaseResult } from './release-entries.js'

let folder: string
let file: string
let ledger: MemoryLedger

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catena-release-'))
  file = join(folder, 'audit.log')
  ledger = new MemoryLedger()
})
afterEach(() => rm(folder, { recursive: true }))

/** The connector after its defect was mended. */
const mended: Connector = {
  ...plainConnector,
  redact: (record, mask, of) =>
    record['type'] === 'crash'
      ? { type: 'crash', secret: mask(text(record['secret']) ?? '') }
      : plainConnector.redact(record, mask, of),
}
const crash = (number: number) => recordLine(number, { type: 'crash', secret: `s3cret-${number}` })

const ingest = (path = file) =>
  ingestFile({ path, source, ledger, connectorFor: () => plainConnector, keys, final: true })

function desk(parts: Partial<ReleaseDesk> = {}): ReleaseDesk {
  return {
    ledger,
    keys,
    sourceOf: (id) => (id === source.id ? source : undefined),
    connectorFor: () => mended,
    defaultSourceOf: () => undefined,
    kafka: undefined,
    actor: 'person:op',
    ...parts,
  }
}

const entries = (): Promise<QuarantineEntry[]> => ledger.quarantineEntries({ limit: 1_000 })
async function release(parts: Partial<ReleaseDesk> = {}): Promise<ReleaseResult[]> {
  return releaseEntries(desk(parts), await entries())
}
const outcomes = (results: readonly ReleaseResult[]) => results.map(({ outcome }) => outcome)
const reasons = (results: readonly ReleaseResult[]) => results.map((result) => result.reason)

describe.each([
  ['a file', (text: string) => Buffer.from(text)],
  ['a gzip file', (text: string) => gzipSync(text)],
])('what was quarantined from %s', (_, pack) => {
  const lines = Array.from({ length: 3_000 }, (__, number) => (number % 500 === 7 ? crash(number) : recordLine(number)))
  beforeEach(async () => {
    await writeFile(file, pack(`${lines.join('\n')}\n{"broken": \n`))
    expect(await ingest()).toMatchObject({ stored: 2_994, quarantined: 7 })
  })

  it('is stored, redacted, where the connector can read it now, and stays with a reason where not', async () => {
    const results = await release()
    expect(outcomes(results)).toEqual([...Array<string>(6).fill('stored'), 'unreadable'])
    expect(results[6]).toMatchObject({ reason: 'no JSON object' })
    const [first] = await ledger.readAt([2_995])
    expect(JSON.parse(first!.payload!.toString())).toEqual({ type: 'crash', secret: keys.mask('s3cret-7') })
    expect(first).toMatchObject({ source: 'vault-prod', occurredAt: Date.UTC(2026, 0, 1) + 7_000 })
  })

  it('is stored once, whoever releases or ingests it again', async () => {
    await release()
    expect(await release()).toMatchObject([
      ...Array<object>(6).fill({ outcome: 'stored', isNew: false }),
      { outcome: 'unreadable', isNew: true },
    ])
    const again = await ingestFile({ path: file, source: { ...source }, ledger, connectorFor: () => mended, keys })
    expect(again.stored).toBe(0)
    expect(await ledger.head()).toBe(3_000)
  })

  it('is a duplicate where it was ingested meanwhile', async () => {
    const [entry] = await entries()
    await writeFile(join(folder, 'again.log'), `\n${lines[7]!}\n`)
    await ingestFile({ path: join(folder, 'again.log'), source, ledger, connectorFor: () => mended, keys })
    expect(await releaseEntries(desk(), [entry!])).toMatchObject([{ outcome: 'duplicate', position: 2_995 }])
  })

  it('is gone where the bytes are not the same any more, and is found where the file was moved to', async () => {
    await rename(file, join(folder, 'moved'))
    expect(new Set(reasons(await release()))).toEqual(new Set(['the file is not there']))
    await writeFile(file, pack(`${lines.join('\n').replaceAll('s3cret', 'another')}\n{"broken":!\n`))
    expect(new Set(reasons(await release()))).toEqual(new Set(['the file holds something else at these bytes']))
    await writeFile(file, pack('short'))
    expect(new Set(reasons(await release()))).toEqual(new Set(['the file holds something else at these bytes']))
    const found = await release({ pathOf: (path) => (path === file ? join(folder, 'moved') : path) })
    expect(outcomes(found)).toEqual([...Array<string>(6).fill('stored'), 'unreadable'])
  })
})

describe('what was quarantined', () => {
  it('is judged as it was where its record was cut off or too long', async () => {
    await writeFile(file, `${JSON.stringify({ type: 'x', text: 'y'.repeat(RECORD_BYTES_MAX) })}\n{"type":"x","text":"y`)
    await ingest()
    expect(reasons(await release())).toEqual(['record over 1 MiB', 'record ends early (truncated)'])
  })

  it('is known again inside the wrapping of a shipper', async () => {
    const wrapped = { '@timestamp': 't', message: crash(1), agent: { type: 'filebeat' } }
    await writeFile(file, `${JSON.stringify(wrapped)}\n`)
    await ingest()
    expect(outcomes(await release())).toEqual(['stored'])
  })

  it('stays where its source is not configured any more', async () => {
    await writeFile(file, crash(1))
    await ingest()
    expect(await release({ sourceOf: () => undefined })).toMatchObject([
      { outcome: 'unreadable', reason: 'source "vault-prod" is not configured' },
    ])
  })

  it('is gone where it came by HTTP or through a pipe', async () => {
    async function* body() {
      yield await Promise.resolve(Buffer.from(`${crash(1)}\n`))
    }
    const unused = () => {
      throw new Error('no webhook')
    }
    await receive(
      {
        ledger, keys, sourceOf: () => source, connectorFor: () => plainConnector, webhookSecretsOf: () => undefined,
        verifySignature: unused, wrapDelivery: unused, unsignedIn: unused,
      },
      { source: 'vault-prod', headers: {}, body: body(), isEntitled: true },
    ) // prettier-ignore
    await ingestFile({ path: '-', pipe: piped(), source, ledger, connectorFor: () => plainConnector, keys })
    expect(reasons(await release())).toEqual([
      'it came by HTTP, of which no copy is kept: have it sent again',
      'it came through a pipe, of which no copy is kept: ingest it again',
    ])
    async function* piped() {
      yield await Promise.resolve(Buffer.from(crash(2)))
    }
  })

  it('waits, and nothing is written, where the place cannot be looked at', async () => {
    await writeFile(file, crash(1))
    await ingest()
    const [entry] = await entries()
    const place = {
      ...entry!,
      locator: { door: 'file', file: `${folder}/${'x'.repeat(300)}`, from: 0, to: 9 },
    } as const
    const inKafka = { ...entry!, id: 99, locator: { door: 'kafka', topic: 't', partition: 0, offset: '7' } } as const
    const results = await releaseEntries(desk(), [place, inKafka])
    expect(results).toEqual([
      { entry: 1, outcome: 'unreached', reason: 'the file cannot be looked at (ENAMETOOLONG)' },
      { entry: 99, outcome: 'unreached', reason: 'it is in Kafka, and no brokers are configured: set KAFKA_BROKERS' },
    ])
    expect((await entries())[0]!.attempts).toBe(0)
  })

  it('keeps what was released before the ledger went away', async () => {
    await writeFile(file, Array.from({ length: 450 }, (_, number) => crash(number)).join('\n'))
    await ingest()
    let calls = 0
    const failing: ReleaseDesk['ledger'] = {
      recordReleases: (attempts) =>
        ++calls > 1 ? Promise.reject(new LedgerUnavailable(new Error('away'))) : ledger.recordReleases(attempts),
    }
    await expect(release({ ledger: failing })).rejects.toThrow(LedgerUnavailable)
    expect(await ledger.quarantineCounts()).toEqual([{ source: 'vault-prod', open: 250, released: 200 }])
    await appendFile(file, '\n')
    await release()
    expect(await ledger.quarantineCounts()).toEqual([{ source: 'vault-prod', open: 0, released: 450 }])
    expect(await ledger.head()).toBe(450)
  })
})
