import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import type { Patience } from '@catena/siem'
import { bundleProgram } from '../faults/bundle-program.js'

const ROOT = join(import.meta.dirname, '..', '..')

export interface ExportWork {
  readonly databaseUrl: string
  readonly brokers: readonly string[]
  readonly patience: Patience
}

export function buildExport(): Promise<void> {
  return bundleProgram(join(import.meta.dirname, 'export-process.ts'))
}

/** The sending part of Catena as a process; `kill` is SIGKILL, and resolves when it is gone. */
export function startExport(work: ExportWork, env: Readonly<Record<string, string>>): { kill(): Promise<void> } {
  const bundle = join(ROOT, 'node_modules', '.cache', 'catena-faults', 'export-process.mjs')
  const child: ChildProcess = spawn(process.execPath, [bundle, JSON.stringify(work)], { stdio: ['ignore', 'ignore', 'ignore'], cwd: ROOT, env: { ...process.env, ...env } }) // prettier-ignore
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    kill: () => {
      child.kill('SIGKILL')
      return gone
    },
  }
}
