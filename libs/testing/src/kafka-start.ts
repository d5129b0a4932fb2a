import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive } from '@catena/platform'
import { run } from './run.js'
import { makeServerFile } from './kafka-tls.js'
import { endWhenUnused } from './end-when-unused.js'
import { steadyPort } from './steady-port.js'

const START_TIMEOUT_MS = 60_000

/** For Java that runs for seconds or minutes: starting it costs half as much without the compiler for days, and threads for many cores. */
export const SHORT_LIVED = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC']

/** Who may log in at a second listener, by TLS and SCRAM-SHA-512. */
export interface BrokerLogin {
  readonly username: string
  readonly password: string
  /** Another with the same password, who has no rights at all. */
  readonly stranger?: string
}

export interface RunningBroker {
  readonly pid: number
  readonly port: number
  /** Of the listener with TLS and SCRAM, where the broker was started with a login. */
  readonly securePort?: number
}

/** The broker that runs on the folder; else a new one without data. */
export async function joinOrStart(folder: string, jars: string, login?: BrokerLogin): Promise<RunningBroker> {
  const mark = join(folder, 'broker.json')
  const running = existsSync(mark) ? (JSON.parse(readFileSync(mark, 'utf8')) as RunningBroker) : undefined
  if (running !== undefined && isAlive(running.pid) && (await answers(running.port))) return running
  rmSync(join(folder, 'data'), { recursive: true, force: true })
  const [port, controllerPort, securePort] = await steadyPorts()
  const secure = login === undefined ? '' : secureProperties(folder, login)
  writeFileSync(
    join(folder, 'server.properties'),
    properties(folder, port, controllerPort, login && securePort) + secure,
  )
  const clusterId = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url')
  const names = login === undefined ? [] : [login.username, ...(login.stranger === undefined ? [] : [login.stranger])]
  const users = names.map((name) => `--add-scram=SCRAM-SHA-512=[name=${name},password=${login?.password ?? ''}]`)
  const format = ['format', `--cluster-id=${clusterId}`, '-c', join(folder, 'server.properties'), ...users]
  run('java', [...SHORT_LIVED, '-cp', `${jars}/*`, 'kafka.tools.StorageTool', ...format])
  return launch(folder, jars, { port, ...(login === undefined ? {} : { securePort }) })
}

/** Starts a broker over the data of its folder. */
export async function launch(folder: string, jars: string, at: Omit<RunningBroker, 'pid'>): Promise<RunningBroker> {
  const log = openSync(join(folder, 'broker.log'), 'a')
  const flags = [
    ...SHORT_LIVED,
    '-Xmx512m',
    '-cp',
    `${folder}:${jars}/*`,
    'kafka.Kafka',
    join(folder, 'server.properties'),
  ]
  const child = spawn('java', flags, { detached: true, stdio: ['ignore', log, log] })
  child.unref()
  closeSync(log)
  const running = { ...at, pid: child.pid ?? 0 }
  const until = Date.now() + START_TIMEOUT_MS
  while (!(await answers(at.port))) {
    if (Date.now() > until || !isAlive(running.pid))
      throw new Error(`the broker did not start, see ${folder}/broker.log`)
    await sleep(100)
  }
  writeFileSync(join(folder, 'broker.json'), JSON.stringify(running))
  endWhenUnused(folder, running.pid)
  return running
}

function properties(folder: string, port: number, controllerPort: number, securePort: number | undefined): string {
  writeFileSync(
    join(folder, 'log4j.properties'),
    'log4j.rootLogger=WARN, out\nlog4j.appender.out=org.apache.log4j.ConsoleAppender\nlog4j.appender.out.layout=org.apache.log4j.SimpleLayout\n',
  )
  const secure = securePort === undefined ? '' : `,SASL_SSL://127.0.0.1:${securePort}`
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controllerPort}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}${secure}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}${secure}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL
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

function secureProperties(folder: string, { username }: BrokerLogin): string {
  return `ssl.keystore.type=PEM
ssl.keystore.location=${makeServerFile(folder)}
sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS;User:${username}
`
}

async function steadyPorts(): Promise<[number, number, number]> {
  return [await steadyPort(), await steadyPort(), await steadyPort()]
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
