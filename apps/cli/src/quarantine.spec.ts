import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { connectorFor } from '@catena/connectors'
import type { Connector, SourceInstance } from '@catena/domain'
import { ingestFile, openKafkaDoor, SOURCE_HEADER } from '@catena/ingest'
import { connectKafka } from '@catena/platform'
import { joinInstance } from '@catena/runtime'
import { readSettings } from '@catena/platform'
import { testBrokerOrSkip } from '@catena/testing'
import kafkajs from 'kafkajs'
import { loginLine, SOURCES, startRealCatena, type RealCatena } from './testing/real-catena.js'

jest.setTimeout(90_000)
const broker = await testBrokerOrSkip()

let real: RealCatena
beforeAll(async () => {
  real = await startRealCatena(broker === undefined ? {} : { KAFKA_BROKERS: broker.brokers.join(',') })
})
afterAll(() => real.stop())

const idp: SourceInstance = {
  id: 'idp',
  kind: 'keycloak',
  scope: 'acme',
  federations: [],
  sharedIdentities: [],
  gaps: [],
}

/** A connector with a defect that this version does not have. */
const defective: Connector = {
  ...connectorFor('keycloak'),
  redact: () => {
    throw new TypeError('of all things')
  },
}

/** As an older version of Catena would have read it. */
async function ingestDefectively(path: string): Promise<void> {
  const env = {
    DATABASE_URL: real.databaseUrl,
    CATENA_DATA: real.folder,
    CATENA_CONFIG: join(real.folder, 'catena.yaml'),
  }
  const { ledger, keys, close } = await joinInstance(readSettings(env), env)
  await ingestFile({ path, source: idp, ledger, keys, connectorFor: () => defective, final: true })
  await close()
}

describe('catena quarantine', () => {
  it('releases from a file what can be read now, once, and says why the rest stays', async () => {
    const file = join(real.folder, 'events.log')
    await writeFile(file, `${loginLine(1)}\n${loginLine(2)}\n{"half\n`)
    await ingestDefectively(file)
    const listed = (await real.catena('quarantine', 'list')).out()
    expect(listed).toMatch(/^ *id {2}source {2}state {2}first seen \(UTC\) {2}reason +place\n/)
    expect(listed.replace(/ {3,}/g, '  ')).toContain(
      `connector failed: TypeError  ${file}, bytes 0 to ${loginLine(1).length}\n`,
    )
    expect(listed).toMatch(/In quarantine: 3 open, 0 released\.\n$/)
    const one = await real.catena('quarantine', 'release', '1')
    expect([one.out(), one.code()]).toEqual([
      '1  stored at position 1\n1 record looked for\n  1 stored: in the ledger now\n',
      0,
    ])
    const all = await real.catena('quarantine', 'release', '--all', '--by', 'person:op')
    expect(all.out()).toMatch(
      /^2 records looked for\n {2}1 stored: in the ledger now\n {2}1 unreadable still\n {6}1 .*JSON.*\n$/,
    )
    expect(all.code()).toBe(6)
    const again = await real.catena('quarantine', 'release', '1', '2')
    expect(again.out()).toContain(
      '1  released before: it is in the ledger at position 1\n2  released before: it is in the ledger at position 2',
    )
    expect(again.code()).toBe(0)
    const shown = (await real.catena('quarantine', 'show', '2')).out()
    expect(shown).toMatch(
      /^Quarantined record 2\nsource {3}idp\nstate {4}released\nreason {3}connector failed: TypeError\n/,
    )
    expect(shown).toMatch(/attempt {2}stored at position 2, .* UTC by person:op \(1 attempt\)\n$/)
    expect((await real.catena('quarantine', 'list', '--state', 'released')).out()).toMatch(
      /\n1 |\n *1 {2}idp {5}released/,
    )
  })

  it('keeps the conservation law: what is released is counted apart', async () => {
    const verified = await real.catena('verify')
    expect([verified.out().includes('✓ nothing is wrong'), verified.code()]).toEqual([true, 0])
    const sources = await real.catena('sources', '--json')
    expect(sources.code()).toBe(0)
    const { sources: listed, quarantine } = JSON.parse(sources.out()) as { sources: object[]; quarantine: object[] }
    expect(listed).toMatchObject([{ id: 'idp', read: 3, stored: 0, quarantined: 3 }])
    expect(quarantine).toEqual([{ source: 'idp', open: 1, released: 2 }])
    expect((await real.catena('sources')).out()).toContain('Quarantine: 1 open, 2 released: catena quarantine list\n')
  })

  it('says that a file is gone, and finds it where it was moved to, packed', async () => {
    const file = join(real.folder, 'rotated.log')
    await writeFile(file, `${loginLine(11)}\n`)
    await ingestDefectively(file)
    await rename(file, join(real.folder, 'away'))
    const gone = await real.catena('quarantine', 'release', '--source', 'idp')
    expect(gone.out()).toContain(
      'gone: no longer where they were\n      1 the file is not there\nWhere the file is now, say with --file',
    )
    expect(gone.code()).toBe(6)
    const packed = join(real.folder, 'rotated.log.1.gz')
    await writeFile(packed, gzipSync(`${loginLine(11)}\n`))
    const wide = await real.catena('quarantine', 'release', '--all', '--file', packed)
    expect(wide.errors()).toMatch(/^catena: --file stands for one file, and these were read from 2: /)
    const found = await real.catena('quarantine', 'release', '4', '--file', packed, '--json')
    expect(JSON.parse(found.out())).toMatchObject({
      counts: { stored: 1, gone: 0 },
      results: [{ entry: 4, outcome: 'stored', isNew: true, actor: 'cli:operator' }],
    })
  })

  it('refuses what makes no sense in one line', async () => {
    for (const [words, message, code] of [
      [['show', '99'], 'nothing is quarantined under 99: `catena quarantine list --state all` shows what is', 3],
      [
        ['release', '99', '1'],
        'nothing is quarantined under 99: `catena quarantine list --state all` shows what is',
        3,
      ],
      [['release'], 'say which: their numbers, or --source <source>, or --all', 1],
      [['release', '1', '--all'], 'say which: their numbers, or --source <source>, or --all', 1],
      [['release', 'x'], 'the number of a quarantined record is "x": write a whole number from 1', 1],
      [['list', '--state', 'shut'], '--state is "shut": write open, released or all', 1],
      [['list', '-n', '0'], '--limit is "0": write a whole number from 1 to 10000', 1],
      [['release', '1', '--by', ' '], '--by needs a name', 1],
    ] as const) {
      const context = await real.catena('quarantine', ...words)
      expect([context.errors(), context.out(), context.code()]).toEqual([`catena: ${message}\n`, '', code])
    }
  })
})

;(broker === undefined ? describe.skip : describe)('catena quarantine of messages in Kafka', () => {
  const topic = `catena.release.${randomUUID()}`
  const client = new kafkajs.Kafka({ brokers: [...(broker?.brokers ?? [])], logLevel: kafkajs.logLevel.NOTHING })
  const admin = client.admin()
  const producer = client.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
  beforeAll(() => Promise.all([admin.connect(), producer.connect()]))
  afterAll(() => Promise.all([admin.disconnect(), producer.disconnect()]))

  /** Takes in all that was sent, as the running Catena does. */
  async function consume(count: number): Promise<void> {
    const env = {
      DATABASE_URL: real.databaseUrl,
      CATENA_DATA: real.folder,
      CATENA_CONFIG: join(real.folder, 'catena.yaml'),
    }
    const { ledger, keys, configuration, close } = await joinInstance(readSettings(env), env)
    const log = () => undefined
    const door = openKafkaDoor({
      connection: connectKafka({ brokers: broker!.brokers, clientId: 'spec', log }),
      groupId: `catena-${randomUUID()}`,
      topics: [{ topic }],
      sourceOf: (id) => configuration.sources.find((source) => source.id === id),
      connectorFor, keys, ledger, log,
    }) // prettier-ignore
    for (const end = Date.now() + 40_000; door.status().tally.read < count && Date.now() < end;) await sleep(25)
    await door.close()
    await close()
  }

  it('releases messages of a source that was configured since, and says which the broker has no more', async () => {
    await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true })
    const messages = [21, 22, 23].map((number) => ({
      value: loginLine(number),
      headers: { [SOURCE_HEADER]: 'idp-new' },
    }))
    await producer.send({ topic, messages })
    await consume(3)
    const unknown = await real.catena('quarantine', 'release', '--source', 'idp-new')
    expect([unknown.out(), unknown.code()]).toEqual([
      '3 records looked for\n  3 unreadable still\n      3 source "idp-new" is not configured\n',
      6,
    ])
    await real.configure(`${SOURCES}  - { id: idp-new, kind: keycloak, scope: new }\n`)
    await admin.fetchTopicOffsets(topic) // the client asks for the topic's leader only then
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '1' }] })
    const known = await real.catena('quarantine', 'release', '--source', 'idp-new')
    expect(known.out()).toMatch(
      /^3 records looked for\n {2}2 stored: in the ledger now\n {2}1 gone: .*\n {6}1 the broker has deleted the message/,
    )
    expect(known.code()).toBe(6)
    const verified = await real.catena('verify')
    expect([verified.errors(), verified.code()]).toEqual(['', 0])
    const sources = await real.catena('sources', '--json')
    expect(sources.code()).toBe(0)
    await real.configure(SOURCES)
  })
})
