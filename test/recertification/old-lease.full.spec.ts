import { setTimeout as sleep } from 'node:timers/promises'
import { commandItems, loadItems, tick, type AccessRow } from '@catena/recertification'
import { openAccessReader } from '@catena/runtime'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { openFedVault, recordedLines, timeOfLine, type FedVault } from './fed-vault.js'
import { MANAGER, required, revokeByCampaign } from './revoking-campaign.js'

/** Up to the request that has ana's first certificate issued, and its answer with the lease: that one stays open. */
const BEFORE = recordedLines('before.log')
const ISSUED = BEFORE.slice(-2)
const REVOKED = recordedLines('after.log').slice(28, 30)
const OLD_LEASE = 'LprFRXyU9ZAp6lyAi5eRzhwM'
const IDS = ['a3181848-5fa0-2eaf-c971-e14a62429e27', 'dba824f9-1bf8-8440-6dba-1d10bab66660'] as const
const NEWER = 1_000
const [SECOND_MS, HOUR_MS, DAY_MS] = [1_000, 3_600_000, 86_400_000]
const FIRST = timeOfLine(ISSUED[1])
/** When the campaign runs. */
const NOW = FIRST + HOUR_MS

let vault: FedVault
beforeAll(async () => {
  vault = await openFedVault(NOW)
  const numbers = Array.from({ length: NEWER }, (_, index) => index + 1)
  const issued = numbers.flatMap((number) => another(ISSUED, number, FIRST + number * SECOND_MS))
  // All of them but the newest were ended by and by.
  const revoked = numbers.slice(0, -1).flatMap((number) => another(REVOKED, number, FIRST + (NEWER + number) * SECOND_MS)) // prettier-ignore
  await vault.feedLines([...BEFORE, ...issued, ...revoked])
}, 120_000)
afterAll(() => vault.close())

/** What was recorded once, again: of another lease, by a request of its own, later. */
function another(lines: readonly string[], number: number, at: number): string[] {
  const name = String(number).padStart(4, '0')
  return lines.map((line) => {
    const renamed = IDS.reduce((text, id) => text.replaceAll(id, `${name}${id.slice(4)}`), line.replaceAll(OLD_LEASE, `${OLD_LEASE.slice(0, -4)}${name}`)) // prettier-ignore
    return renamed.replace(/"time":"[^"]+"/, `"time":"${new Date(at).toISOString()}"`)
  })
}

describe(`an old lease that is still open, behind ${NEWER} newer retrievals`, () => {
  let item: string
  const status = async () => (await loadItems(vault.recertification, [item]))[0]?.state.status

  it('R6.3 is on the item of a campaign, from the materialised summary as from the walk', async () => {
    const { summary } = vault.recertification
    const certificates = async (from: typeof summary, position: number): Promise<AccessRow[]> => {
      const rows = []
      for await (const row of from.rows({ position, validAt: NOW })) if (row.credential.path.includes('issue/web')) rows.push(row) // prettier-ignore
      return rows
    }
    while (!(await summary.pinned(({ isPrepared }) => Promise.resolve(isPrepared)))) await sleep(100)
    const [position, materialised] = await summary.pinned(async (pinned, at) => {
      expect(pinned.isPrepared).toBe(true)
      return [at, await certificates(pinned, at)] as const
    })
    expect(materialised).toMatchObject([
      {
        uses: NEWER + 1,
        open: 2,
        ended: undefined,
        lastEnd: { how: 'revoked', obtainedAt: FIRST + (NEWER - 1) * SECOND_MS },
      },
    ])
    expect(await certificates(summary, position)).toEqual(materialised)
    const { accessor, credential } = materialised[0]!
    const { leases } = await openAccessReader(vault.reader).openOf({ credential: credential.id, accessor })
    expect(leases).toContain(`pki/issue/web/${OLD_LEASE}`)
    expect(leases).toHaveLength(2)
  }, 120_000)

  it('R6.5 keeps an order unverified though what was obtained last has ended, until it has ended too and silence followed that', async () => {
    ;({ item } = await revokeByCampaign(vault, 'path ~ "issue/web"', NOW))
    const manager = { actor: MANAGER, at: NOW }
    required(await commandItems(vault.recertification, [item], () => ({ type: 'NoteApplied', how: 'ticket' }), manager))
    await vault.feedLines(another(REVOKED, NEWER, NOW + SECOND_MS))
    await tick(vault.recertification, NOW + 9 * DAY_MS)
    await tick(vault.recertification, NOW + 90 * DAY_MS)
    expect(await status()).toBe('applied')
    await vault.feedLines(REVOKED.map((line) => line.replace(/"time":"[^"]+"/, `"time":"${new Date(NOW + 5 * DAY_MS).toISOString()}"`))) // prettier-ignore
    // A week after the end of the newest, and less than one after the end of the oldest.
    await tick(vault.recertification, NOW + 9 * DAY_MS)
    expect(await status()).toBe('applied')
    await tick(vault.recertification, NOW + 12 * DAY_MS)
    expect(await status()).toBe('verified')
  }, 120_000)
})
