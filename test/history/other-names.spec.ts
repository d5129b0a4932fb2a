import type { JsonObject } from '@catena/domain'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { summariesWithNamed } from '../../libs/governance/src/access-summary/read-summaries.js'
import { datedChains } from '../../libs/governance/src/history/read-dated-chains.js'
import { HistoryReader } from '../../libs/governance/src/history/read-history.js'
import { walkedChains } from '../../libs/governance/src/history/read-walked-chains.js'
import { openVaultHistory, type VaultHistory } from './vault-history.js'

const HOUR_MS = 3_600_000
const T0 = Date.parse('2026-11-23T05:00:00Z')
const ANA = { accessor: 'A1'.padEnd(24, 'x'), display_name: 'ana', entity_id: 'e1', token_type: 'service' }
const MALLORY = { accessor: 'B1'.padEnd(24, 'x'), display_name: 'mallory', entity_id: 'e9', token_type: 'service' }

function asked(hour: number, mount: string, more: JsonObject): string {
  const time = new Date(T0 + hour * HOUR_MS).toISOString()
  const request = { id: `r${hour}`, operation: 'read', path: `${mount}data/app`, mount_type: 'kv', mount_point: mount }
  return JSON.stringify({ time, type: 'response', auth: ANA, ...more, request: { ...request, ...(more.request as JsonObject) } })
} // prettier-ignore
const read = (hour: number, mount: string): string =>
  asked(hour, mount, { request: { mount_accessor: 'kv_1' }, response: { data: { metadata: { version: 1 } } } })
/** As a vault tells of it before it knows the mount. */
const denied = (hour: number, mount: string): string =>
  asked(hour, mount, { auth: MALLORY, type: 'request', error: 'permission denied' })

/** The mount was moved from one path to another; somebody is refused at each of them. */
const RECORDS = [read(0, 'secret/'), denied(1, 'secret/'), read(2, 'kv/'), denied(3, 'kv/'), denied(4, 'secret/')]

/** Which of two names is shown hangs on neither the order of the records nor that of the names. */
describe.each([
  ['before its records under the new name', RECORDS],
  ['after them', [...RECORDS].reverse()],
  ['and back', RECORDS.map((record) => record.replaceAll('secret/', 'a/'))],
])('a credential whose mount was moved, recorded under the old name %s', (_, records) => {
  let vault: VaultHistory
  let reader: VaultHistory['reader']
  let credential: string

  beforeAll(async () => {
    vault = await openVaultHistory(records)
    reader = vault.reader
    const { items } = await reader.credentials(await reader.asOf(), {}, { limit: 2 })
    expect(items.length).toBe(1)
    credential = items[0]!.item.id
  }, 240_000)
  afterAll(() => vault.close())

  const denials = [T0 + 4 * HOUR_MS, T0 + 3 * HOUR_MS, T0 + HOUR_MS]

  it('R1.9 R5.2 has who was refused under either name in its history, live and of a date', async () => {
    const histories = new HistoryReader(reader)
    const dated = await histories.onDate(await reader.asOf(), credential, T0 + 9 * HOUR_MS)
    const times = dated?.retrievals.filter(({ outcome }) => outcome === 'denied').map(({ at }) => at)
    expect(times).toEqual(denials)
    for await (const [live] of histories.current([credential], T0 + 9 * HOUR_MS))
      expect(live?.retrievals).toEqual(dated?.retrievals)
    for await (const [live] of histories.current([credential], T0 + 2.5 * HOUR_MS))
      expect(live?.nextAt).toBe(T0 + 3 * HOUR_MS)
  })

  it('R5.2 says of a date from rows that are kept what walking says', async () => {
    for (const hour of [0.5, 1.5, 2.5, 3.5, 9]) {
      const then = { ...(await reader.asOf()), validAt: T0 + hour * HOUR_MS }
      const kept = await datedChains(reader, then, credential, 10)
      expect([hour, kept?.newest]).toEqual([hour, (await walkedChains(reader, then, credential)).newest])
      expect(kept?.newest.length).toBe(Math.min(Math.ceil(hour), 5))
    }
  })

  it('R1.9 counts who was refused under either name among those who asked for it', async () => {
    const all = (await summariesWithNamed(reader.pool, [credential])).get(credential) ?? []
    const counted = all.map(({ accessor, succeeded, denied }) => [accessor.name.split(' ').at(-1), succeeded, denied])
    expect(counted).toEqual([['ana', 2, 0], ['mallory', 0, 3]]) // prettier-ignore
  })
})
