import { mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A lock that is older was left by a process that died. */
const LOCK_AGE_MAX_MS = 180_000

/** A folder is made by one process only, so it serves as a lock. Makes the folder that it locks where there is none. */
export async function locked<Result>(folder: string, work: () => Result | Promise<Result>): Promise<Result> {
  const lock = join(folder, 'lock')
  for (;;) {
    try {
      mkdirSync(folder, { recursive: true })
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
