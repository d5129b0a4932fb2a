import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { governanceRunner } from '@catena/runtime'
import { openFedLedger, type FedLedger } from './fed-ledger.js'
import { VAULT } from './revoke-story.js'

/** Lines of a file that the real Vault wrote. */
export function recordedLines(name: string): string[] {
  return readFileSync(join(process.cwd(), 'test', 'recertification', 'recorded', name), 'utf8')
    .trimEnd()
    .split('\n')
}

/** When a record was written, ms. */
export function timeOfLine(line: string | undefined): number {
  return Date.parse((JSON.parse(line ?? '') as { time: string }).time)
}

/** A fed ledger of the recorded Vault, whose summaries and verdicts are kept up, and to which its lines are fed one by one. */
export interface FedVault extends FedLedger {
  feedLines(lines: readonly string[]): Promise<void>
}

export async function openFedVault(now: number): Promise<FedVault> {
  const folder = await mkdtemp(join(tmpdir(), 'catena-fed-vault-'))
  const vault = await openFedLedger([VAULT], { systems: [], receivers: [] }, now)
  const governance = governanceRunner(vault.source, vault.reader, (error) => console.error(error))
  governance.start()
  let files = 0
  return {
    ...vault,
    feedLines: async (lines) => {
      const path = join(folder, `${files++}.log`)
      await writeFile(path, `${lines.join('\n')}\n`)
      await vault.feed({ source: VAULT.id, path })
    },
    close: async () => {
      await governance.stop()
      await vault.close()
      await rm(folder, { recursive: true })
    },
  }
}
