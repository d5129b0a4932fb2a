import { readFileSync } from 'node:fs'

/** Does a process of this id run? It may be another one than was meant: ids are reused. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // Ended, and kept until its parent asks; in containers often nobody does.
    return statFields(pid)?.[0] !== 'Z'
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
  return statFields(pid)?.[19]
}

/** Fields of /proc/<pid>/stat from the state on; the command before it stands in parentheses and may contain anything. */
function statFields(pid: number): string[] | undefined {
  const stat = readProc(pid, 'stat')
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return undefined
  }
}
