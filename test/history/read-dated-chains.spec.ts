import type { JsonObject } from '@catena/domain'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { datedChains, type DatedChains } from '../../libs/governance/src/history/read-dated-chains.js'
import { walkedChains } from '../../libs/governance/src/history/read-walked-chains.js'
import { openVaultHistory, type VaultHistory } from './vault-history.js'

const HOUR_MS = 3_600_000
const T0 = Date.parse('2026-11-23T05:00:00Z')
const KV = { mount_type: 'kv', mount_point: 'secret/', mount_accessor: 'kv_1' }
const AUTH = { accessor: 'A1'.padEnd(24, 'x'), display_name: 'ana', entity_id: 'e1', token_type: 'service' }

function answered(hour: number, id: string, operation: string, version: JsonObject): string {
  const request = { ...KV, id, operation, path: 'secret/data/app' }
  const time = new Date(T0 + hour * HOUR_MS).toISOString()
  return JSON.stringify({ time, type: 'response', auth: AUTH, request, response: { data: version } })
}

/** One version is read twice, and five hours after the first time another takes its place. */
const RECORDS = [
  answered(0, 'first', 'read', { metadata: { version: 2 } }),
  answered(1, 'second', 'read', { metadata: { version: 2 } }),
  answered(5, 'write', 'update', { version: 3 }),
]

describe('a version that was read, and hours later was replaced', () => {
  let vault: VaultHistory
  let reader: VaultHistory['reader']
  let credential: string

  beforeAll(async () => {
    vault = await openVaultHistory(RECORDS)
    reader = vault.reader
    const { items } = await reader.credentials(await reader.asOf(), {}, { limit: 2 })
    expect(items.length).toBe(1)
    credential = items[0]!.item.id
  }, 240_000)
  afterAll(() => vault.close())

  /** Of a date as many hours after the first time; what the kept rows say must be what walking says. */
  async function chainsAt(hour: number, limit = 10): Promise<DatedChains> {
    const dated = { ...(await reader.asOf()), validAt: T0 + hour * HOUR_MS }
    const kept = await datedChains(reader, dated, credential, limit)
    const walked = await walkedChains(reader, dated, credential)
    expect([hour, kept?.accessors]).toEqual([hour, walked.accessors])
    expect([hour, kept?.newest]).toEqual([hour, walked.newest.slice(0, limit)])
    return kept!
  }
  const ends = ({ newest }: DatedChains) => newest.map(({ end }) => end.how ?? end.state)

  it('R5.2 R1.1 had not ended on a date in between, though the kept rows end it', async () => {
    const inBetween = await chainsAt(2)
    expect(ends(inBetween)).toEqual(['missing', 'missing'])
    expect(inBetween.accessors.map(({ lastEnd }) => lastEnd)).toEqual([undefined])
    expect(inBetween.walked).toBe(0)
  })

  it('R5.2 R1.1 has ended after it, also as the kept rows say', async () => {
    const after = await chainsAt(6)
    expect(ends(after)).toEqual(['rotated', 'rotated'])
    expect(after.accessors.map(({ lastEnd }) => lastEnd)).not.toEqual([undefined])
    expect(after.walked).toBe(0)
  })

  it('R5.2 R1.1 says on each date around its end what walking says, walked where it was just about to end', async () => {
    expect((await chainsAt(4.5)).walked).toBe(2)
    for (const hour of [0, 0.5, 1, 3.9, 4, 4.1, 4.999, 5, 5.001, 400]) await chainsAt(hour)
  })

  it('R5.2 R1.1 is walked also where it is not among the newest that are asked for', async () => {
    expect((await chainsAt(4.5, 1)).walked).toBe(2)
    expect((await chainsAt(6, 1)).walked).toBe(0)
  })
})

describe('a version that was deleted, and hours later brought back', () => {
  let vault: VaultHistory
  beforeAll(async () => {
    const changed = (hour: number, verb: string): string => {
      const request = { ...KV, id: verb, operation: 'update', path: `secret/${verb}/app`, data: { versions: [2] } }
      const time = new Date(T0 + hour * HOUR_MS).toISOString()
      return JSON.stringify({ time, type: 'response', auth: AUTH, request, response: {} })
    }
    vault = await openVaultHistory([...RECORDS.slice(0, 2), changed(3, 'delete'), changed(20, 'undelete'), answered(40, 'write', 'update', { version: 3 })])
  }, 240_000) // prettier-ignore
  afterAll(() => vault.close())

  it('R5.2 R1.1 had ended on dates in between, and on no others until it was replaced', async () => {
    const { reader } = vault
    const { items } = await reader.credentials(await reader.asOf(), {}, { limit: 2 })
    const credential = items[0]!.item.id
    const told = new Map([[2, 'missing'], [10, 'deleted'], [25, 'missing'], [41, 'rotated']]) // prettier-ignore
    for (const [hour, end] of told) {
      const dated = { ...(await reader.asOf()), validAt: T0 + hour * HOUR_MS }
      const kept = await datedChains(reader, dated, credential, 10)
      expect([hour, kept?.newest]).toEqual([hour, (await walkedChains(reader, dated, credential)).newest])
      expect([hour, ...(kept?.newest ?? []).map((one) => one.end.how ?? one.end.state)]).toEqual([hour, end, end])
    }
  })
})
