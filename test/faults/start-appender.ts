import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { bundleProgram } from './bundle-program.js'
import type { Feed } from './ledger-feed.js'

const ROOT = join(import.meta.dirname, '..', '..')
/** Under node_modules, from where the bundle finds its packages. */
const BUNDLE = join(ROOT, 'node_modules', '.cache', 'catena-faults', 'appender-process.mjs')

export interface Appender {
  readonly pid: number
  /** Offset of the last acknowledged batch. */
  acknowledged(): bigint
  kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void
  /** Resolves with the exit code or the signal. */
  readonly ended: Promise<number | string>
}

/** Makes the appender a program that plain Node runs. */
export async function buildAppender(): Promise<void> {
  await bundleProgram(join(import.meta.dirname, 'appender-process.ts'))
}

export function startAppender(databaseUrl: string, feed: Feed): Appender {
  const child = spawn(process.execPath, [BUNDLE, JSON.stringify({ databaseUrl, feed })], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: ROOT,
  })
  let last = 0n
  createInterface(child.stdout).on('line', (line) => (last = BigInt(line)))
  const ended = new Promise<number | string>((resolve) =>
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown')),
  )
  return { pid: child.pid ?? 0, acknowledged: () => last, kill: (signal) => child.kill(signal), ended }
}
