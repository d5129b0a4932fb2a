import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const KAFKA_VERSION = '4.1.1'
const START_TIMEOUT_MS = 60_000
/** A lock that is older was left by a process that died. */
const LOCK_AGE_MAX_MS = 180_000

/** A real Apache Kafka broker (KRaft) on a loopback port. */
export interface TestBroker {
  readonly brokers: readonly string[]
  /** Each line becomes a message, compressed by Java's own codecs. */
  produceWithJava(
    codec: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd',
    topic: string,
    lines: readonly string[],
  ): Promise<void>
  /** SIGKILL. Only of an exclusive broker, as `restart`. */
  kill(): Promise<void>
  /** Starts it again on its port with its data, after `kill` or instead of the running one. */
  restart(): Promise<void>
  /** Ends an exclusive broker; a shared one ends by itself a while after the last test process. */
  stop(): Promise<void>
}

/** This machine has neither Java and Maven nor a broker in KAFKA_BROKERS. */
export class NoTestBroker extends Error {
  override name = 'NoTestBroker'
}

/** As startTestBroker; undefined, with a loud warning, on a machine without Java and Maven, unless CI is set: then it throws. */
export async function testBrokerOrSkip(options: { exclusive?: boolean } = {}): Promise<TestBroker | undefined> {
  try {
    return await startTestBroker(options)
  } catch (error) {
    if (!(error instanceof NoTestBroker) || process.env['CI'] === 'true') throw error
    console.warn(`SKIPPED, NOTHING OF KAFKA IS TESTED: ${error.message}`)
    return undefined
  }
}

/**
 * A broker shared by the spec files of this checkout, or an exclusive one that can be killed. KAFKA_BROKERS (comma-separated) stands in.
 * Allow 90 s: the first call on a machine fetches the jars (54 MB) into CATENA_CACHE or ~/.cache/catena-test. Throws NoTestBroker.
 */
export async function startTestBroker({ exclusive = false } = {}): Promise<TestBroker> {
  const given = process.env['KAFKA_BROKERS']
  if (given !== undefined && given !== '' && !exclusive) return foreignBroker(given.split(','))
  const jars = await fetchJars()
  const checkout = createHash('sha256')
    .update(fileURLToPath(import.meta.url))
    .digest('hex')
    .slice(0, 12)
  const folder = join(tmpdir(), `catena-test-kafka-${exclusive ? randomUUID() : checkout}`)
  mkdirSync(join(folder, 'users'), { recursive: true })
  writeFileSync(join(folder, 'users', String(process.pid)), '')
  const running = await locked(folder, () => joinOrStart(folder, jars))
  return exclusive ? exclusiveBroker(folder, jars, running) : sharedBroker(jars, running)
}

interface Running {
  readonly pid: number
  readonly port: number
}

async function joinOrStart(folder: string, jars: string): Promise<Running> {
  const mark = join(folder, 'broker.json')
  const running = existsSync(mark) ? (JSON.parse(readFileSync(mark, 'utf8')) as Running) : undefined
  if (running !== undefined && isAlive(running.pid) && (await answers(running.port))) return running
  rmSync(join(folder, 'data'), { recursive: true, force: true })
  const [port, controllerPort] = await freePorts()
  writeFileSync(join(folder, 'server.properties'), serverProperties(folder, port, controllerPort))
  const id = randomUUID().replaceAll('-', '')
  const clusterId = Buffer.from(id, 'hex').toString('base64url')
  run('java', [
    '-cp',
    `${jars}/*`,
    'kafka.tools.StorageTool',
    'format',
    `--cluster-id=${clusterId}`,
    '-c',
    join(folder, 'server.properties'),
  ])
  return launch(folder, jars, port)
}

async function launch(folder: string, jars: string, port: number): Promise<Running> {
  const log = openSync(join(folder, 'broker.log'), 'a')
  const flags = ['-Xmx512m', '-cp', `${folder}:${jars}/*`, 'kafka.Kafka', join(folder, 'server.properties')]
  const child = spawn('java', flags, { detached: true, stdio: ['ignore', log, log] })
  child.unref()
  closeSync(log)
  const running = { pid: child.pid ?? 0, port }
  const until = Date.now() + START_TIMEOUT_MS
  while (!(await answers(port))) {
    if (Date.now() > until || !isAlive(running.pid))
      throw new Error(`the broker did not start, see ${folder}/broker.log`)
    await sleep(100)
  }
  writeFileSync(join(folder, 'broker.json'), JSON.stringify(running))
  spawn(process.execPath, ['-e', WATCHER, folder, String(running.pid)], { detached: true, stdio: 'ignore' }).unref()
  return running
}

function serverProperties(folder: string, port: number, controllerPort: number): string {
  writeFileSync(
    join(folder, 'log4j.properties'),
    'log4j.rootLogger=WARN, out\nlog4j.appender.out=org.apache.log4j.ConsoleAppender\nlog4j.appender.out.layout=org.apache.log4j.SimpleLayout\n',
  )
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controllerPort}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=${folder}/data
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
broker.session.timeout.ms=1500
broker.heartbeat.interval.ms=300
`
}

function sharedBroker(jars: string, { port }: Running): TestBroker {
  const refuse = (): Promise<never> => Promise.reject(new Error('others use this broker: ask for an exclusive one'))
  return { ...producer(jars, [`127.0.0.1:${port}`]), kill: refuse, restart: refuse, stop: () => Promise.resolve() }
}

function exclusiveBroker(folder: string, jars: string, first: Running): TestBroker {
  let running = first
  const kill = async (signal: NodeJS.Signals = 'SIGKILL'): Promise<void> => {
    if (isAlive(running.pid)) process.kill(running.pid, signal)
    while (isAlive(running.pid)) await sleep(50)
  }
  const restart = async (): Promise<void> => {
    await kill()
    running = await launch(folder, jars, running.port)
  }
  const stop = async (): Promise<void> => {
    await kill()
    rmSync(folder, { recursive: true, force: true })
  }
  return { ...producer(jars, [`127.0.0.1:${first.port}`]), kill: () => kill(), restart, stop }
}

function foreignBroker(brokers: string[]): TestBroker {
  const refuse = (): Promise<never> => Promise.reject(new Error('the broker of KAFKA_BROKERS is not ours to stop'))
  const produceWithJava: TestBroker['produceWithJava'] = async (...message) => {
    await producer(await fetchJars(), brokers).produceWithJava(...message)
  }
  return { brokers, produceWithJava, kill: refuse, restart: refuse, stop: () => Promise.resolve() }
}

function producer(jars: string, brokers: readonly string[]): Pick<TestBroker, 'brokers' | 'produceWithJava'> {
  const produceWithJava: TestBroker['produceWithJava'] = async (codec, topic, lines) => {
    const flags = ['--bootstrap-server', brokers.join(','), '--topic', topic, '--compression-codec', codec]
    const child = spawn('java', ['-cp', `${jars}/*`, 'org.apache.kafka.tools.ConsoleProducer', ...flags], {
      stdio: ['pipe', 'ignore', 'pipe'],
    })
    child.stdin.end(lines.map((line) => `${line}\n`).join(''))
    await exited(child)
  }
  return { brokers, produceWithJava }
}

/** Folder of the jars of the broker and its tools, fetched once per machine by Maven. */
async function fetchJars(): Promise<string> {
  const cache = join(process.env['CATENA_CACHE'] ?? join(homedir(), '.cache', 'catena-test'), 'kafka')
  const jars = join(cache, KAFKA_VERSION)
  if (spawnSync('java', ['-version']).status !== 0)
    throw new NoTestBroker('no Java; install Java 17 or set KAFKA_BROKERS')
  mkdirSync(cache, { recursive: true })
  return locked(cache, () => {
    if (existsSync(jars)) return jars
    if (spawnSync('mvn', ['-v']).status !== 0)
      throw new NoTestBroker('no Maven to fetch Kafka with; install it or set KAFKA_BROKERS')
    const draft = `${jars}.draft`
    rmSync(draft, { recursive: true, force: true })
    mkdirSync(draft)
    writeFileSync(join(draft, 'pom.xml'), pom())
    run('mvn', [
      '-q',
      '-B',
      '-f',
      join(draft, 'pom.xml'),
      'dependency:copy-dependencies',
      `-DoutputDirectory=${draft}`,
      '-DincludeScope=runtime',
    ])
    renameSync(draft, jars)
    return jars
  })
}

function pom(): string {
  const dependency = (group: string, artifact: string, version: string): string =>
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>catena</groupId>
<artifactId>test-broker</artifactId><version>1</version><dependencies>
${dependency('org.apache.kafka', 'kafka_2.13', KAFKA_VERSION)}
${dependency('org.apache.kafka', 'kafka-tools', KAFKA_VERSION)}
${dependency('org.slf4j', 'slf4j-reload4j', '1.7.36')}
</dependencies></project>`
}

/** Jest's workers end without a last word: once none has been alive for ten seconds, this process ends the broker. */
const WATCHER = `
const fs = require('node:fs')
const [folder, pid] = process.argv.slice(1)
const alive = (id) => { try { process.kill(Number(id), 0); return true } catch { return false } }
const used = () => { try { return fs.readdirSync(folder + '/users').some(alive) } catch { return false } }
let quiet = 0
setInterval(() => {
  if (!alive(pid)) process.exit(0)
  quiet = used() ? 0 : quiet + 1
  if (quiet < 10) return
  process.kill(Number(pid), 'SIGKILL')
  fs.rmSync(folder, { recursive: true, force: true })
  process.exit(0)
}, 1000)
`

/** A folder is made by one process only, so it serves as a lock. */
async function locked<Result>(folder: string, work: () => Result | Promise<Result>): Promise<Result> {
  const lock = join(folder, 'lock')
  for (;;) {
    try {
      mkdirSync(lock)
      break
    } catch {
      const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
      if (age > LOCK_AGE_MAX_MS) rmSync(lock, { recursive: true, force: true })
      await sleep(100)
    }
  }
  try {
    return await work()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()].map((server) => server.listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports as [number, number]
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 1000 })
    const settle = (answer: boolean) => () => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', settle(true)).once('error', settle(false)).once('timeout', settle(false))
  })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

function run(command: string, args: readonly string[]): void {
  const { status, stderr, stdout } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} failed: ${stderr}${stdout}`)
}

function exited(child: ChildProcess): Promise<void> {
  let errors = ''
  child.stderr?.on('data', (piece: Buffer) => (errors += piece.toString()))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`the Java producer failed: ${errors}`))))
  })
}
