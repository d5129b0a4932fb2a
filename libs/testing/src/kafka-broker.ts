import { spawn, type ChildProcess } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { isAlive } from '@catena/platform'
import { locked } from './locked.js'
import { fetchJars, NoTestBroker } from './kafka-jars.js'
import { joinOrStart, launch, SHORT_LIVED, type BrokerLogin, type RunningBroker } from './kafka-start.js'
import { authorityFileOf } from './kafka-tls.js'
import { noteUser, TEST_RUN } from './test-run.js'

/** A real Apache Kafka broker (KRaft) on a loopback port. */
export interface TestBroker {
  readonly brokers: readonly string[]
  /** The listener with TLS and SCRAM, where a login was asked for; `caFile` is the PEM file of its authority. */
  readonly secure?: { readonly brokers: readonly string[]; readonly caFile: string }
  /** Each line becomes a message, compressed by Java's own codecs. */
  produceWithJava(
    codec: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd',
    topic: string,
    lines: readonly string[],
  ): Promise<void>
  /** SIGKILL. Only of an exclusive broker, as the next four. */
  kill(): Promise<void>
  /** Starts it again on its port with its data, after `kill` or instead of the running one. */
  restart(): Promise<void>
  /** SIGSTOP: connections stay, nothing answers. */
  freeze(): void
  thaw(): void
  /** Ends an exclusive broker; a shared one ends by itself a while after the last test process. */
  stop(): Promise<void>
}

export interface TestBrokerOptions {
  /** One that can be killed, of its own. */
  readonly exclusive?: boolean
  /** Adds a listener with TLS and SCRAM; needs `exclusive` and openssl. */
  readonly login?: BrokerLogin
}

/** As startTestBroker; undefined, with a loud warning, on a machine without Java and Maven, unless CI is set: then it throws. */
export async function testBrokerOrSkip(options: TestBrokerOptions = {}): Promise<TestBroker | undefined> {
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
export async function startTestBroker({ exclusive = false, login }: TestBrokerOptions = {}): Promise<TestBroker> {
  const given = process.env['KAFKA_BROKERS']
  if (given !== undefined && given !== '' && !exclusive) return foreignBroker(given.split(','))
  const jars = await fetchJars()
  const checkout = createHash('sha256')
    .update(fileURLToPath(import.meta.url))
    .digest('hex')
    .slice(0, 12)
  const folder = join(tmpdir(), `catena-test-kafka-${exclusive ? randomUUID() : checkout}`)
  const running = await locked(folder, () => {
    noteUser(folder, exclusive ? String(process.pid) : TEST_RUN)
    return joinOrStart(folder, jars, exclusive ? login : undefined)
  })
  return exclusive ? exclusiveBroker(folder, jars, running) : sharedBroker(jars, running)
}

function sharedBroker(jars: string, { port }: RunningBroker): TestBroker {
  return { ...producer(jars, [`127.0.0.1:${port}`]), ...notOurs('others use this broker: ask for an exclusive one') }
}

function foreignBroker(brokers: string[]): TestBroker {
  const produceWithJava: TestBroker['produceWithJava'] = async (...message) => {
    await producer(await fetchJars(), brokers).produceWithJava(...message)
  }
  return { brokers, produceWithJava, ...notOurs('the broker of KAFKA_BROKERS is not ours to stop') }
}

function notOurs(why: string): Pick<TestBroker, 'kill' | 'restart' | 'freeze' | 'thaw' | 'stop'> {
  const refuse = (): Promise<never> => Promise.reject(new Error(why))
  const refuseNow = (): never => {
    throw new Error(why)
  }
  return { kill: refuse, restart: refuse, freeze: refuseNow, thaw: refuseNow, stop: () => Promise.resolve() }
}

function exclusiveBroker(folder: string, jars: string, first: RunningBroker): TestBroker {
  let running = first
  const kill = async (): Promise<void> => {
    if (isAlive(running.pid)) process.kill(running.pid, 'SIGKILL')
    while (isAlive(running.pid)) await sleep(50)
  }
  const restart = async (): Promise<void> => {
    await kill()
    running = await launch(folder, jars, running)
  }
  const stop = async (): Promise<void> => {
    await kill()
    rmSync(folder, { recursive: true, force: true })
  }
  const { securePort } = first
  return {
    ...producer(jars, [`127.0.0.1:${first.port}`]),
    ...(securePort === undefined
      ? {}
      : { secure: { brokers: [`127.0.0.1:${securePort}`], caFile: authorityFileOf(folder) } }),
    kill,
    restart,
    freeze: () => void process.kill(running.pid, 'SIGSTOP'),
    thaw: () => void process.kill(running.pid, 'SIGCONT'),
    stop,
  }
}

function producer(jars: string, brokers: readonly string[]): Pick<TestBroker, 'brokers' | 'produceWithJava'> {
  const produceWithJava: TestBroker['produceWithJava'] = async (codec, topic, lines) => {
    const flags = ['--bootstrap-server', brokers.join(','), '--topic', topic, '--compression-codec', codec]
    const program = [...SHORT_LIVED, '-cp', `${jars}/*`, 'org.apache.kafka.tools.ConsoleProducer']
    const child = spawn('java', [...program, ...flags], { stdio: ['pipe', 'ignore', 'pipe'] })
    child.stdin.end(lines.map((line) => `${line}\n`).join(''))
    await exited(child)
  }
  return { brokers, produceWithJava }
}

function exited(child: ChildProcess): Promise<void> {
  let errors = ''
  child.stderr?.on('data', (piece: Buffer) => (errors += piece.toString()))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`the Java producer failed: ${errors}`))))
  })
}
