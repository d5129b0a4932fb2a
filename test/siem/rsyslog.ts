import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { steadyPort } from '@catena/testing'
import { makeCertificates, type CollectorCertificates } from './certificates.js'
import { until, type Got } from './delivery-stage.js'

/** rsyslog of Debian over TLS with client certificates, writing what it receives into a file. */
export interface Rsyslog {
  readonly port: number
  /** Files for a destination's target. */
  readonly target: { readonly ca_file: string; readonly cert_file: string; readonly key_file: string; readonly servername: string } // prettier-ignore
  /** An authority that the receiver's certificate is not from. */
  readonly otherCaFile: string
  lines(): string[]
  start(): Promise<void>
  /** SIGKILL. */
  kill(): Promise<void>
  remove(): void
}

export function hasTlsDriver(): boolean {
  return ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib'].some((folder) =>
    existsSync(`${folder}/rsyslog/lmnsd_ossl.so`),
  )
}

export async function prepareRsyslog(): Promise<Rsyslog> {
  const folder = mkdtempSync(join(tmpdir(), 'catena-rsyslog-'))
  const port = await steadyPort()
  const certificates = makeCertificates(folder)
  const { authority, client, otherAuthority } = certificates
  writeFileSync(join(folder, 'rsyslog.conf'), configuration(folder, port, certificates))
  let child: ChildProcess | undefined
  const output = join(folder, 'received.log')
  return {
    port,
    target: { ca_file: authority.certFile, cert_file: client.certFile, key_file: client.keyFile, servername: 'collector.test' }, // prettier-ignore
    otherCaFile: otherAuthority.certFile,
    lines: () => (existsSync(output) ? readFileSync(output, 'utf8').split('\n').slice(0, -1) : []),
    start: async () => {
      child = spawn('rsyslogd', ['-n', '-f', join(folder, 'rsyslog.conf'), '-i', join(folder, 'pid')], { stdio: 'ignore' })
      await until(() => isListening(port))
    },
    kill: async () => {
      const dying = child
      child = undefined
      if (dying === undefined || dying.exitCode !== null) return
      const ended = new Promise((resolve) => dying.once('exit', resolve))
      dying.kill('SIGKILL')
      await ended
      rmSync(join(folder, 'pid'), { force: true })
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  } // prettier-ignore
}

/** Octet counting is on by default; messages of more than 8 kB are cut unless the size is raised. */
function configuration(folder: string, port: number, { authority, server }: CollectorCertificates): string {
  return `
global(workDirectory="${folder}" maxMessageSize="64k" defaultNetstreamDriver="ossl"
  defaultNetstreamDriverCAFile="${authority.certFile}" defaultNetstreamDriverCertFile="${server.certFile}" defaultNetstreamDriverKeyFile="${server.keyFile}")
module(load="imtcp" streamDriver.name="ossl" streamDriver.mode="1" streamDriver.authMode="x509/certvalid")
template(name="line" type="string" string="%structured-data% %msg%\\n")
ruleset(name="write") { action(type="omfile" file="${folder}/received.log" template="line") }
input(type="imtcp" port="${port}" ruleset="write")
`
}

/** In the state LISTEN: connections that it had before it was killed still stand there for a while. */
function isListening(port: number): boolean {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  return ['/proc/net/tcp', '/proc/net/tcp6'].some(
    (file) => readFileSync(file, 'utf8').match(new RegExp(`:${hex} [0:]+ 0A`)) !== null,
  )
}

/** What a line tells; its structured data stands before the message. A line that was cut tells nothing. */
export function readLine(line: string): Got | undefined {
  const start = line.indexOf('{')
  if (start === -1 || !line.endsWith('}')) return undefined
  const { metadata, resources } = JSON.parse(line.slice(start)) as { metadata: { uid: string; sequence: number; event_code: string }; resources?: { uid: string }[] } // prettier-ignore
  if (metadata.event_code === 'heartbeat' || metadata.event_code === 'test') return undefined
  return { id: metadata.uid, sequence: metadata.sequence, credential: resources?.[0]?.uid ?? '' }
}
