import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isRefusal, type Key } from '@catena/domain'
import {
  campaignItems,
  commandCampaign,
  commandItems,
  decideItems,
  defineCampaign,
  DEFINITION_DEFAULTS,
  loadCampaign,
  loadItems,
  scheduleCampaign,
  tick,
  type AccessRow,
} from '@catena/recertification'
import { governanceRunner, openAccessReader } from '@catena/runtime'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { openFedLedger, type FedLedger } from './fed-ledger.js'
import { VAULT } from './revoke-story.js'

const recorded = (name: string): string[] =>
  readFileSync(join(import.meta.dirname, 'recorded', name), 'utf8')
    .trimEnd()
    .split('\n')
/** Up to the request that has ana's first certificate issued, and its answer with the lease: that one stays open. */
const BEFORE = recorded('before.log')
const ISSUED = BEFORE.slice(-2)
const REVOKED = recorded('after.log').slice(28, 30)
const OLD_LEASE = 'LprFRXyU9ZAp6lyAi5eRzhwM'
const IDS = ['a3181848-5fa0-2eaf-c971-e14a62429e27', 'dba824f9-1bf8-8440-6dba-1d10bab66660'] as const
const NEWER = 1_000
const [SECOND_MS, HOUR_MS, DAY_MS] = [1_000, 3_600_000, 86_400_000]
const FIRST = Date.parse((JSON.parse(ISSUED[1] ?? '') as { time: string }).time)
/** When the campaign runs. */
const NOW = FIRST + HOUR_MS
const BOSS = { key: 'person:idp:boss' as Key, name: 'boss', aliases: [], groups: [], leftAt: undefined }
const manager = { actor: 'person:idp:manager', at: NOW }
const onError = (error: unknown): void => console.error(error)

let vault: FedLedger
let folder: string
let governance: ReturnType<typeof governanceRunner>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catena-old-lease-'))
  vault = await openFedLedger([VAULT], { systems: [], receivers: [] }, NOW)
  governance = governanceRunner(vault.source, vault.reader, onError)
  governance.start()
  const numbers = Array.from({ length: NEWER }, (_, index) => index + 1)
  const issued = numbers.flatMap((number) => another(ISSUED, number, FIRST + number * SECOND_MS))
  // All of them but the newest were ended by and by.
  const revoked = numbers.slice(0, -1).flatMap((number) => another(REVOKED, number, FIRST + (NEWER + number) * SECOND_MS)) // prettier-ignore
  await feed('before.log', [...BEFORE, ...issued, ...revoked])
}, 120_000)
afterAll(async () => {
  await governance.stop()
  await vault.close()
  await rm(folder, { recursive: true })
})

/** What was recorded once, again: of another lease, by a request of its own, later. */
function another(lines: readonly string[], number: number, at: number): string[] {
  const name = String(number).padStart(4, '0')
  return lines.map((line) => {
    const renamed = IDS.reduce((text, id) => text.replaceAll(id, `${name}${id.slice(4)}`), line.replaceAll(OLD_LEASE, `${OLD_LEASE.slice(0, -4)}${name}`)) // prettier-ignore
    return renamed.replace(/"time":"[^"]+"/, `"time":"${new Date(at).toISOString()}"`)
  })
}

async function feed(name: string, lines: readonly string[]): Promise<void> {
  const path = join(folder, name)
  await writeFile(path, `${lines.join('\n')}\n`)
  await vault.feed({ source: VAULT.id, path })
}

/** The campaign one step on after another, until it stands there. */
async function advance(id: string, until: string): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    await vault.settle()
    const { status } = await loadCampaign(vault.recertification, id)
    if (status === until) return
    if (status === 'closing')
      await commandCampaign(vault.recertification, id, { type: 'SignOff', reason: 'done', undecided: 0 }, manager) // prettier-ignore
    else await tick(vault.recertification, NOW)
  }
  throw new Error(`the campaign does not get to ${until}`)
}

function required<T>(answer: T): Exclude<T, { refused: string }> {
  if (isRefusal(answer)) throw new Error(answer.message)
  return answer as Exclude<T, { refused: string }>
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
    expect(materialised).toMatchObject([{ uses: NEWER + 1, open: 2, ended: undefined }])
    expect(await certificates(summary, position)).toEqual(materialised)
    const { accessor, credential } = materialised[0]!
    const { leases } = await openAccessReader(vault.reader).openOf({ credential: credential.id, accessor })
    expect(leases).toContain(`pki/issue/web/${OLD_LEASE}`)
    expect(leases).toHaveLength(2)
  }, 120_000)

  it('R6.5 keeps an order unverified though what was obtained last has ended, until it has ended too', async () => {
    const reviewers = [{ kind: 'people' as const, people: [BOSS.key] }]
    const definition = {
      ...DEFINITION_DEFAULTS, name: 'access', scope: 'path ~ "issue/web"', remediation: 'automatic' as const, launchIncomplete: true,
      stages: [{ name: 'boss', fromDay: 0, toDay: 14, quorum: 1, reviewers }],
    } // prettier-ignore
    required(await defineCampaign(vault.recertification, 'access', definition, manager, true))
    await vault.settle()
    const { id } = required(await scheduleCampaign(vault.recertification, { definition: 'access', cause: 'by hand', at: NOW }, manager)) // prettier-ignore
    await advance(id, 'active')
    item = (await campaignItems(vault.reader.pool, id, 10))[0]?.item.id ?? ''
    const asked = { items: [item], decision: { kind: 'revoke' as const }, reason: 'no longer needed', request: 'r' }
    required(await decideItems(vault.recertification, asked, BOSS, { actor: BOSS.key, at: NOW }))
    await advance(id, 'remediating')
    await tick(vault.recertification, NOW)
    required(await commandItems(vault.recertification, [item], () => ({ type: 'NoteApplied', how: 'ticket' }), manager))
    await feed('newest.log', another(REVOKED, NEWER, NOW + SECOND_MS))
    await tick(vault.recertification, NOW + 9 * DAY_MS)
    await tick(vault.recertification, NOW + 90 * DAY_MS)
    expect(await status()).toBe('applied')
    await feed('old.log', REVOKED.map((line) => line.replace(/"time":"[^"]+"/, `"time":"${new Date(NOW + 2 * SECOND_MS).toISOString()}"`))) // prettier-ignore
    await tick(vault.recertification, NOW + 9 * DAY_MS)
    expect(await status()).toBe('verified')
  }, 120_000)
})
