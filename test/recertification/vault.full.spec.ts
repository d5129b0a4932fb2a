import { copyFileSync, mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { touchesOf } from '@catena/remediation'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { hasVault, startRealVault, VAULT_BINARY, type RealVault } from './real-vault.js'
import type { Told } from './campaign-story.js'
import { tellRevokeStory } from './revoke-story.js'

if (!hasVault) process.stderr.write(`SKIPPED: there is no Vault at ${VAULT_BINARY} (docs/remediation.md)\n`)

/** With CATENA_RECORD set to a folder, leaves the logs there. */
const RECORD = process.env['CATENA_RECORD']

;(hasVault ? describe : describe.skip)('a revoke at a real Vault', () => {
  let vault: RealVault
  let told: Told
  let knewBefore: boolean

  beforeAll(async () => {
    vault = await startRealVault()
    knewBefore = await vault.knows(vault.accessor)
    told = await tellRevokeStory(vault)
    if (RECORD !== undefined) {
      mkdirSync(RECORD, { recursive: true })
      copyFileSync(vault.before, join(RECORD, 'before.log'))
      for (const path of await vault.after()) copyFileSync(path, join(RECORD, basename(path)))
    }
  }, 120_000)
  afterAll(() => vault.stop())

  it('R4.4 is held, because the token that is to go also reads something else', () => {
    expect(told.planned.status).toBe('held')
    expect(touchesOf(told.planned.steps)).toEqual(['its token also reads secret/ledger'])
    expect(told.statuses[0]).toBe('remediating')
  })

  it('R6.5 ends lease and token there once it is released, and is not called applied: the right stands', async () => {
    expect(Object.values(told.settled.done)).toEqual([
      expect.stringMatching(/^revoke lease pki\/issue\/web\/\w+: Vault took it$/),
      `revoke the token with accessor ${vault.accessor}: Vault took it`,
    ])
    expect([knewBefore, await vault.knows(vault.accessor)]).toEqual([true, false])
    expect(told.settled).toMatchObject({ status: 'settled', endsTheRight: false })
    expect(told.statuses[1]).toBe('remediating')
  })

  it('R4.3 R6.5 is verified by the records that Vault wrote, after a silence, and by nothing else', () => {
    expect(told.statuses.slice(2)).toEqual(['remediating', 'verified'])
    expect(told.item).toMatchObject({ status: 'verified' })
  })
})
