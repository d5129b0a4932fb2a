import { spawnSync } from 'node:child_process'

/** As `run`, three times at most: for what comes over a network. */
export function fetchBy(command: string, args: readonly string[], tries = 3): void {
  try {
    run(command, args)
  } catch (error) {
    if (tries === 1) throw error
    fetchBy(command, args, tries - 1)
  }
}

/** Throws with what the program said where it fails. */
export function run(command: string, args: readonly string[]): void {
  const { status, stderr, stdout } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} failed: ${stderr}${stdout}`)
}
