import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { SourceInstance } from '@catena/domain'
import { bundleProgram } from './bundle-program.js'

const ROOT = join(import.meta.dirname, '..', '..')
const ENTRY = join(import.meta.dirname, 'projector-process.ts')

export interface Work {
  readonly databaseUrl: string
  readonly ownerUrl: string
  readonly sources: readonly SourceInstance[]
  /** Rebuilds once and ends; else keeps the index up until it is ended. */
  readonly rebuilds: boolean
}

export interface ProjectorProcess {
  readonly pid: number
  /** Everything it said, oldest first. */
  readonly said: readonly string[]
  kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void
  /** Resolves once it says this, or did. Rejects when it ends before. */
  until(word: string): Promise<void>
  readonly ended: Promise<number | string>
}

export function buildProjector(): Promise<void> {
  return bundleProgram(ENTRY)
}

export function startProjector(work: Work): ProjectorProcess {
  const bundle = join(ROOT, 'node_modules', '.cache', 'catena-faults', 'projector-process.mjs')
  const child = spawn(process.execPath, [bundle, JSON.stringify(work)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: ROOT,
  })
  const said: string[] = []
  const lines = createInterface(child.stdout).on('line', (line) => said.push(line))
  const ended = new Promise<number | string>((resolve) =>
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown')),
  )
  const until = (word: string): Promise<void> =>
    new Promise((resolve, reject) => {
      if (said.includes(word)) {
        resolve()
        return
      }
      lines.on('line', (line) => line === word && resolve())
      void ended.then((how) =>
        reject(new Error(`ended with ${how} before it said ${word}: ${said.slice(-5).join(', ')}`)),
      )
    })
  return { pid: child.pid ?? 0, said, kill: (signal) => child.kill(signal), until, ended }
}
