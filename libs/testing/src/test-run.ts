import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Id of the process of the run, which outlives its workers (jest.config.js); else of this one. */
export const TEST_RUN = process.env['CATENA_TEST_RUN'] ?? String(process.pid)

/** Keeps the server of a folder while that process is alive. */
export function noteUser(folder: string, pid: string): void {
  mkdirSync(join(folder, 'users'), { recursive: true })
  writeFileSync(join(folder, 'users', pid), '')
}
