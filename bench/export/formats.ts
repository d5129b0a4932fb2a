import { createServer } from 'node:net'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FEED_KINDS, FORMATS, FORMAT_NAMES, openFiles, openSyslog, type FeedEvent, type FormatName, type Outgoing, type Sink } from '@catena/siem' // prettier-ignore

const BATCH = 500

export interface FormatFigures {
  readonly events: number
  /** Events a second of one core, and beside it JSON.stringify of the same events, in the same run. */
  readonly formats: Readonly<Record<FormatName, number>>
  readonly jsonStringify: number
  /** Formatting in OCSF included. The receiver of the plain syslog connection reads and forgets. */
  readonly sinks: { readonly files: number; readonly syslogTcp: number }
}

/** Formats and ways out without the database: what a sender can reach at most. */
export async function benchFormats(count: number): Promise<FormatFigures> {
  const events = Array.from({ length: count }, (_, index) => sample(index))
  const perSecond = (work: (event: FeedEvent) => unknown): number => {
    for (const event of events.slice(0, 5_000)) work(event)
    const start = performance.now()
    for (const event of events) work(event)
    return Math.round((count / (performance.now() - start)) * 1000)
  }
  const formats = Object.fromEntries(FORMAT_NAMES.map((name) => [name, perSecond((event) => FORMATS[name].render(event, 0))])) as Record<FormatName, number> // prettier-ignore
  const jsonStringify = perSecond((event) => JSON.stringify(event))
  return { events: count, formats, jsonStringify, sinks: { files: await benchFiles(events), syslogTcp: await benchSyslog(events) } } // prettier-ignore
}

async function benchFiles(events: readonly FeedEvent[]): Promise<number> {
  const folder = join(tmpdir(), `catena-bench-export-${process.pid}`)
  const rate = await sent(openFiles({ folder, bytesMax: 1e9 }), events)
  await rm(folder, { recursive: true })
  return rate
}

async function benchSyslog(events: readonly FeedEvent[]): Promise<number> {
  const server = createServer((socket) => socket.resume())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const rate = await sent(openSyslog({ host: '127.0.0.1', port, transport: 'tcp', tls: {} }), events)
  server.close()
  return rate
}

async function sent(sink: Sink, events: readonly FeedEvent[]): Promise<number> {
  const start = performance.now()
  for (let from = 0; from < events.length; from += BATCH) {
    const batch: Outgoing[] = events.slice(from, from + BATCH).map((event) => ({ event, text: FORMATS.ocsf.render(event, 0) })) // prettier-ignore
    await sink.send(batch, AbortSignal.timeout(60_000))
  }
  await sink.close()
  return Math.round((events.length / (performance.now() - start)) * 1000)
}

function sample(index: number): FeedEvent {
  const credential = { system: 'vault/prod-1', container: 'secret/', path: `app-${index % 500}/key`, version: 3, id: `credential:vault/prod-1:kv_1/app-${index % 500}/key` } // prettier-ignore
  const link = { state: 'proven', by: 'login', words: 'the token came from a login of its holder' } as const
  return {
    sequence: index + 1,
    id: index.toString(16).padStart(32, '0'),
    revision: 1,
    hash: '0123456789abcdef',
    recordedAt: 1_795_443_800_000 + index,
    content: {
      kind: FEED_KINDS[index % 7] ?? 'test',
      severity: 1,
      occurredAt: 1_795_443_800_000 + index,
      outcome: 'succeeded',
      source: 'vault',
      reference: `vault:prod-1:${index}`,
      type: 'read secret/data/app/key',
      summary: `credential retrieved: secret/${credential.path} in vault/prod-1, by olga (proven)`,
      actor: { state: 'proven', kind: 'person', id: 'person:keycloak/acme:1f7d', name: 'olga' },
      credential,
      chain: { path: { state: 'proven', links: [link, link] }, actor: { state: 'proven' }, right: { state: 'proven', policies: ['kv'], approvals: 0 }, effect: { state: 'proven', yielded: 'version 3' }, end: { state: 'missing', reason: 'no end seen' }, caveats: [] },
      details: { remoteAddress: '10.1.2.3' },
    },
  }
} // prettier-ignore
