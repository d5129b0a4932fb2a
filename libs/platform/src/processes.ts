import { readFileSync } from 'node:fs'

/** Is there a process of this id? It may be another one than was meant: ids are reused. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Name of the program, where the system tells it (Linux). */
export function commandOf(pid: number): string | undefined {
  return readProc(pid, 'comm')?.trim()
}

/** Changes when an id is reused, where the system tells it (Linux: clock ticks since boot). */
export function startMarkOf(pid: number): string | undefined {
  const stat = readProc(pid, 'stat')
  // The command in parentheses may contain anything, so fields are counted behind its end.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return undefined
  }
}
