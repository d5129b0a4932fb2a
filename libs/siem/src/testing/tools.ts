import { spawnSync } from 'node:child_process'

/** False, with a loud warning, where a program of the machine is missing; in CI it must be there. */
export function hasProgram(name: string, debianPackage: string): boolean {
  const found = spawnSync('sh', ['-c', `command -v ${name}`]).status === 0
  if (!found && process.env['CI'] === 'true') throw new Error(`${name} is missing: apt-get install ${debianPackage}`)
  if (!found) console.warn(`SKIPPED, NOTHING IS TESTED AGAINST ${name}: apt-get install ${debianPackage}`)
  return found
}
