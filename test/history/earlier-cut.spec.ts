import type { JsonObject } from '@catena/domain'
import { knownAt } from '@catena/projections'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { HistoryReader } from '../../libs/governance/src/history/read-history.js'
import { openVaultHistory, type VaultHistory } from './vault-history.js'

const DAY_MS = 86_400_000
const T0 = Date.parse('2026-01-01T05:00:00Z')
const ANA = { accessor: 'A1'.padEnd(24, 'x'), display_name: 'ana', entity_id: 'e1', token_type: 'service' }

function read(id: string, day: number): JsonObject {
  const mount = { mount_type: 'kv', mount_point: 'secret/', mount_accessor: 'kv_1' }
  const request = { ...mount, id, operation: 'read', path: 'secret/data/x' }
  const time = new Date(T0 + day * DAY_MS).toISOString()
  return { time, type: 'response', auth: ANA, request, response: { data: { metadata: { version: 1 } } } }
}

describe('a credential of which records of an earlier time arrived late', () => {
  let vault: VaultHistory
  let id: string

  beforeAll(async () => {
    vault = await openVaultHistory([read('r1', 100), read('r2', 10)].map((record) => JSON.stringify(record)))
    const { items } = await vault.reader.credentials(await vault.reader.asOf(), {}, { limit: 1 })
    id = items[0]!.item.id
  }, 240_000)
  afterAll(() => vault.close())

  const firstSeen = async (position: number, day: number): Promise<number | undefined> => {
    const history = await new HistoryReader(vault.reader).onDate(knownAt(position), id, T0 + day * DAY_MS)
    return history?.firstSeenAt === undefined ? undefined : (history.firstSeenAt - T0) / DAY_MS
  }

  it('R1.10 R2.1 is as old at an earlier cut as it was then', async () => {
    expect([await firstSeen(1, 130), await firstSeen(2, 130)]).toEqual([100, 10])
  })

  it('R1.10 is not known at an earlier cut of a day by which nothing was known of it', async () => {
    expect([await firstSeen(1, 50), await firstSeen(2, 50)]).toEqual([undefined, 10])
    const then = { ...knownAt(1), validAt: T0 + 50 * DAY_MS }
    expect((await vault.reader.credentials(then, {}, { limit: 1 })).items).toEqual([])
  })
})
