import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { PostgresLedger } from '@catena/ledger'
import { emptyLedger, startTestPostgres, type TestBroker } from '@catena/testing'
import kafkajs, { type Admin, type Message, type Producer } from 'kafkajs'
import { auditLine, chance, INSTALLATION_KEY, poisonLine, SOURCE } from './kafka-feed.js'
import { buildApp, startApp, type Member } from './start-ingest.js'

export const TOPIC = 'catena.vault'
/** Of the door of HTTP for the source of the field. */
export const SOURCE_PATH = `/ingest/${SOURCE}`
export const GROUP = 'catena-ingest'
export const PARTITIONS = 6
/** Short, so that a member that is gone is noticed while a test waits. */
const SESSION_TIMEOUT = '3s'
const WAIT_MAX_MS = 90_000

/** The configuration of every member. */
export const YAML = `sources:
  - { id: ${SOURCE}, kind: vault, scope: prod-1 }
`

export interface MemberOptions {
  /** Another way to the database. */
  readonly databaseUrl?: string
  readonly preload?: string
  /** Another app than ingest. */
  readonly bundle?: string
  readonly env?: Readonly<Record<string, string>>
}

/** A database of one's own, instead of one on the server that tests share. */
export interface FieldDatabase {
  readonly databaseUrl: string
  stop(): Promise<void>
}

/** A topic, a database and the ingest processes between them. */
export class KafkaField {
  /** Lines of records, and of poison, that were sent at least once. */
  readonly sent = { records: new Set<string>(), poison: new Set<string>() }
  private readonly members: Member[] = []
  private readonly random = chance(20260301)
  readonly folder = mkdtempSync(join(tmpdir(), 'catena-field-'))

  private constructor(
    readonly broker: TestBroker,
    readonly databaseUrl: string,
    readonly ledger: PostgresLedger,
    readonly admin: Admin,
    private readonly producer: Producer,
    private readonly bundle: string,
    private readonly stopDatabase: () => Promise<void>,
  ) {
    writeFileSync(join(this.folder, 'catena.yaml'), YAML)
    writeFileSync(join(this.folder, 'installation.key'), INSTALLATION_KEY, { mode: 0o600 })
  }

  static async open(broker: TestBroker, given?: FieldDatabase): Promise<KafkaField> {
    const [bundle, database] = await Promise.all([buildApp('ingest'), given ?? startTestPostgres()])
    const client = new kafkajs.Kafka({
      brokers: [...broker.brokers],
      logLevel: kafkajs.logLevel.NOTHING,
      retry: { retries: 30, maxRetryTime: 1_000 },
    })
    const producer = client.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
    const admin = client.admin()
    await Promise.all([admin.connect(), producer.connect()])
    const ledger = new PostgresLedger({ databaseUrl: database.databaseUrl })
    return new KafkaField(broker, database.databaseUrl, ledger, admin, producer, bundle, () => database.stop())
  }

  async close(): Promise<void> {
    await this.endMembers()
    await Promise.all([this.admin.disconnect(), this.producer.disconnect(), this.ledger.close()])
    await Promise.all([this.stopDatabase(), this.broker.stop()])
    rmSync(this.folder, { recursive: true, force: true })
    rmSync(this.bundle, { force: true })
  }

  /** Ends all members and takes away what a test left. */
  async clear(): Promise<void> {
    await this.endMembers()
    if ((await this.admin.listTopics()).includes(TOPIC)) await this.deleteTopic()
    await this.until(() => this.deleteGroup(), 'the group is gone')
    await emptyLedger(this.databaseUrl)
    this.sent.records.clear()
    this.sent.poison.clear()
  }

  /** Refused while sessions of killed members last. */
  private async deleteGroup(): Promise<boolean> {
    const { groups } = await this.admin.listGroups()
    if (groups.some(({ groupId }) => groupId === GROUP)) await this.admin.deleteGroups([GROUP])
    return true
  }

  private async endMembers(): Promise<void> {
    for (const member of this.members.splice(0)) {
      member.kill('SIGKILL')
      await member.ended
    }
  }

  async createTopic(numPartitions = PARTITIONS): Promise<void> {
    await this.admin.createTopics({ topics: [{ topic: TOPIC, numPartitions }], waitForLeaders: true })
    // The broker answers for an old topic of this name a while longer, and would take messages for it.
    await this.until(
      async () => (await this.highs()).join() === Array(numPartitions).fill('0').join(),
      'the topic is new',
    )
  }

  private async highs(): Promise<string[]> {
    return (await this.admin.fetchTopicOffsets(TOPIC)).map(({ high }) => high)
  }

  async deleteTopic(): Promise<void> {
    await this.admin.deleteTopics({ topics: [TOPIC] })
    while ((await this.admin.listTopics()).includes(TOPIC)) await sleep(50)
  }

  /** Starts a member; it need not have joined the group yet. */
  start({ databaseUrl = this.databaseUrl, preload, env = {}, bundle = this.bundle }: MemberOptions = {}): Member {
    const settings = {
      DATABASE_URL: databaseUrl,
      KAFKA_BROKERS: this.broker.brokers.join(','),
      KAFKA_SESSION_TIMEOUT: SESSION_TIMEOUT,
      CATENA_CONFIG: join(this.folder, 'catena.yaml'),
      CATENA_DATA: this.folder,
      CATENA_PORT: '0',
      // What the client did is asked for where a test fails.
      LOG_LEVEL: 'debug',
      ...env,
    }
    const member = startApp(bundle, settings, preload)
    this.members.push(member)
    return member
  }

  /** Starts a member that consumes. */
  async join(options?: MemberOptions): Promise<Member> {
    const member = this.start(options)
    await member.says('consuming from Kafka')
    return member
  }

  /** Sends the records of these numbers in this order, each to a random partition; some of them as poison. */
  async send(order: readonly number[], { poisonShare = 0, partitions = PARTITIONS } = {}): Promise<void> {
    for (let at = 0; at < order.length; at += 1_000) {
      const messages = order.slice(at, at + 1_000).map((number): Message => {
        const isPoison = this.random() < poisonShare
        const value = isPoison ? poisonLine(number) : auditLine(number)
        this.sent[isPoison ? 'poison' : 'records'].add(value)
        return { value, partition: Math.floor(this.random() * partitions) }
      })
      await this.producer.send({ topic: TOPIC, messages, compression: kafkajs.CompressionTypes.GZIP })
    }
  }

  /** Offsets that the topic has and the ledger has not passed yet. */
  async behind(): Promise<number> {
    const [ends, lanes] = await Promise.all([this.admin.fetchTopicOffsets(TOPIC), this.ledger.lanes()])
    return ends.reduce((sum, { partition, high, low }) => {
      const lane = lanes.find((one) => one.lane.startsWith('kafka:') && one.lane.endsWith(`/${TOPIC}/${partition}`))
      return sum + Number(high) - Number(lane?.next ?? low)
    }, 0)
  }

  async untilRead(): Promise<void> {
    await this.until(async () => (await this.behind()) === 0, 'all was read')
  }

  async untilStored(count: number): Promise<void> {
    await this.until(async () => (await this.ledger.head()) >= count, `${count} were stored`)
  }

  async until(holds: () => Promise<boolean>, what: string): Promise<void> {
    for (const end = Date.now() + WAIT_MAX_MS; ;) {
      if (await holds().catch(() => false)) return
      await sleep(30)
      if (Date.now() > end) {
        const logs = this.members.map(({ pid, logged }) => `${pid}: ${logged.slice(-5).join('\n')}`)
        throw new Error(`it did not happen that ${what}\n${logs.join('\n')}`)
      }
    }
  }
}
