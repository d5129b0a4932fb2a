import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it, jest } from '@jest/globals'
import { connectorFor } from '@catena/connectors'
import { deriveIntakeKeys, openKafkaDoor, receive, SOURCE_HEADER, type HttpDoor } from '@catena/ingest'
import { MemoryLedger, type Ledger } from '@catena/ledger'
import { connectKafka } from '@catena/platform'
import { feedRecording, openRecording, testBrokerOrSkip, type Recording } from '@catena/testing'
import kafkajs from 'kafkajs'
import { createHash } from 'node:crypto'

jest.setTimeout(120_000)
const broker = await testBrokerOrSkip()
const recording = await openRecording()
const keys = deriveIntakeKeys(Buffer.alloc(32, 7))
const sourceOf = (id: string) => recording.sources.find((source) => source.id === id)
const byFile = await throughFiles()

/** What a ledger holds, whatever the order: id of each record, SHA-256 of its payload; and what it could not read. */
interface Content {
  readonly records: readonly string[]
  readonly quarantined: number
}

async function contentOf(ledger: MemoryLedger): Promise<Content> {
  const events = await ledger.read(0, 1_000_000)
  const records = events.map(({ source, sourceStream, type, occurredAt, recordId, payload }) => {
    const sha256 = createHash('sha256').update(payload!).digest('hex')
    return `${source} ${sourceStream} ${type} ${occurredAt} ${recordId} ${sha256}`
  })
  return { records: records.map(withoutReceipt).sort(), quarantined: (await ledger.quarantine(0, 1_000_000)).length }
}

/** Records without a time of their own are dated by their receipt, which differs. */
function withoutReceipt(record: string): string {
  return record.replace(/^(\S+ (?:directory|server) \S+) \d+(?:\.\d+)? /, '$1 - ')
}

async function throughFiles(): Promise<Content> {
  const ledger = new MemoryLedger()
  const summaries = await feedRecording(recording, ledger, keys)
  if (summaries.some(({ failure }) => failure !== undefined)) throw new Error('the recording was not read')
  return contentOf(ledger)
}

async function textOf({ path }: Recording['files'][number]): Promise<string> {
  const bytes = await readFile(path)
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
}

async function throughHttp(): Promise<Content> {
  const ledger = new MemoryLedger()
  const door: HttpDoor = {
    ledger,
    keys,
    sourceOf,
    connectorFor,
    webhookSecretsOf: () => undefined,
    verifySignature: () => true,
    wrapDelivery: () => {
      throw new Error('no webhook')
    },
    unsignedIn: () => ({ text: '', id: undefined }),
  }
  for (const file of recording.files) {
    const body = Buffer.from(await textOf(file))
    async function* pieces(): AsyncGenerator<Buffer> {
      for (let at = 0; at < body.length; at += 60_001) yield await Promise.resolve(body.subarray(at, at + 60_001))
    }
    await receive(door, { source: file.source.id, headers: {}, body: pieces(), isEntitled: true })
  }
  return contentOf(ledger)
}

/** A shipper sends a line, or an element of a list, as a message. */
async function messagesOf(file: Recording['files'][number]): Promise<kafkajs.Message[]> {
  const text = await textOf(file)
  const isList = text.trimStart().startsWith('[')
  const values = isList ? (JSON.parse(text) as unknown[]).map((one) => JSON.stringify(one)) : text.split('\n')
  return values
    .filter((value) => value.trim() !== '')
    .map((value) => ({ value, headers: { [SOURCE_HEADER]: file.source.id } }))
}

async function throughKafka(brokers: readonly string[]): Promise<Content> {
  const topic = `catena.doors.${randomUUID()}`
  const client = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING })
  const [admin, producer] = [
    client.admin(),
    client.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner }),
  ]
  await Promise.all([admin.connect(), producer.connect()])
  await admin.createTopics({ topics: [{ topic, numPartitions: 2 }], waitForLeaders: true })
  let sent = 0
  for (const file of recording.files) {
    const messages = await messagesOf(file)
    sent += messages.length
    await producer.send({ topic, messages, compression: kafkajs.CompressionTypes.GZIP })
  }
  await Promise.all([admin.disconnect(), producer.disconnect()])
  const ledger = new MemoryLedger()
  await consume(brokers, topic, ledger, sent)
  return contentOf(ledger)
}

async function consume(brokers: readonly string[], topic: string, ledger: Ledger, count: number): Promise<void> {
  const log = () => undefined
  const door = openKafkaDoor({
    connection: connectKafka({ brokers, clientId: 'spec', log }),
    groupId: randomUUID(),
    topics: [{ topic }],
    sourceOf,
    connectorFor,
    keys,
    ledger,
    log,
  })
  for (const end = Date.now() + 60_000; door.status().tally.read < count && Date.now() < end;) await sleep(50)
  await door.close()
}

describe('the recorded organisation', () => {
  it('is read by the file door', () => {
    expect(byFile.records.length).toBeGreaterThan(3000)
    expect(new Set(byFile.records).size).toBe(byFile.records.length)
  })

  it('R1.9 comes to the same ledger through HTTP', async () => {
    expect(await throughHttp()).toEqual(byFile)
  })
})

;(broker === undefined ? describe.skip : describe)('the recorded organisation in Kafka', () => {
  it('R1.9 comes to the same ledger', async () => {
    try {
      expect(await throughKafka(broker!.brokers)).toEqual(byFile)
    } finally {
      await broker!.stop()
    }
  })
})
