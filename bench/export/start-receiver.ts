import { execFileSync, fork, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Received } from './receiver.js'

export interface Receiver {
  readonly pid: number
  /** Of a syslog destination. */
  readonly target: {
    readonly host: string
    readonly port: number
    readonly ca_file: string
    readonly servername: string
  }
  ask(): Promise<Received>
  /** SIGSTOP: its connections stay and take nothing; as one that hangs for hours. */
  freeze(): void
  thaw(): void
  close(): void
}

/** A syslog receiver over TLS on another core. */
export async function startReceiver(): Promise<Receiver> {
  const folder = mkdtempSync(join(tmpdir(), 'catena-bench-tls-'))
  const [certificate, key] = [join(folder, 'server.pem'), join(folder, 'server.key')]
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=collector.test', '-addext', 'subjectAltName=DNS:collector.test', '-keyout', key, '-out', certificate], { stdio: 'ignore' }) // prettier-ignore
  const child = fork(fileURLToPath(new URL('./receiver.js', import.meta.url)), [certificate, key])
  const { port } = await answerOf<{ port: number }>(child)
  return {
    pid: child.pid ?? 0,
    target: { host: '127.0.0.1', port, ca_file: certificate, servername: 'collector.test' },
    ask: () => {
      const answer = answerOf<Received>(child)
      child.send('figures')
      return answer
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    close: () => {
      child.kill('SIGKILL')
      rmSync(folder, { recursive: true })
    },
  }
}

export function answerOf<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as T))
    child.once('exit', (code) => reject(new Error(`the other process ended with ${String(code)}`)))
  })
}
