import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

const ROOT = join(import.meta.dirname, '..', '..')

export interface RunningProgram {
  readonly child: ChildProcessByStdio<null, Readable, null>
  /** The exit code or the signal. */
  readonly end: Promise<number | string>
}

/** Starts a bundled program of the fault tests, which is given this as its only argument. */
export function runProgram(bundle: string, given: object): RunningProgram {
  const child = spawn(process.execPath, [bundle, JSON.stringify(given)], { stdio: ['ignore', 'pipe', 'inherit'], cwd: ROOT }) // prettier-ignore
  child.stdout.resume()
  const end = new Promise<number | string>((resolve) => child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown'))) // prettier-ignore
  return { child, end }
}
