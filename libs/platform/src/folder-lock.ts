import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { isAlive, startMarkOf } from './processes.js'

interface Holder {
  readonly pid: number
  /** Tells the holder from a later process with the same id. */
  readonly startMark: string | undefined
}

/** Another live process holds the lock. */
export class FolderLocked extends Error {
  constructor(readonly pid: number) {
    super(`held by process ${pid}`)
    this.name = 'FolderLocked'
  }
}

/** Takes a lock file for the life of this process and returns its release. Locks of dead processes are mended. Throws FolderLocked. */
export function lockFolder(file: string): () => void {
  const mine: Holder = { pid: process.pid, startMark: startMarkOf(process.pid) }
  // Written aside and linked, so that nobody ever reads half a lock.
  const draft = `${file}.${randomUUID()}`
  writeFileSync(draft, JSON.stringify(mine), { mode: 0o600 })
  try {
    while (!link(draft, file)) mend(file)
  } finally {
    rmSync(draft, { force: true })
  }
  return () => {
    if (holderOf(file)?.pid === process.pid) rmSync(file, { force: true })
  }
}

/** The live process that holds the lock. */
export function holderOf(file: string): { readonly pid: number } | undefined {
  const holder = read(file)
  if (!holder || !isAlive(holder.pid)) return undefined
  return holder.startMark === startMarkOf(holder.pid) ? holder : undefined
}

function mend(file: string): void {
  const holder = holderOf(file)
  if (holder) throw new FolderLocked(holder.pid)
  // Two processes may mend at once: whoever moved a live lock aside puts it back.
  const aside = `${file}.${randomUUID()}`
  try {
    renameSync(file, aside)
  } catch {
    return
  }
  const moved = holderOf(aside)
  if (moved) link(aside, file)
  rmSync(aside, { force: true })
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function read(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder
  } catch {
    return undefined
  }
}
