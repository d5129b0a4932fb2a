import { spawnSync } from 'node:child_process'

/** Throws with what the program said where it fails. */
export function run(command: string, args: readonly string[]): void {
  const { status, stderr, stdout } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} failed: ${stderr}${stdout}`)
}
