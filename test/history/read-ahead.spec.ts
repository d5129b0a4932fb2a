import type { Instant, JsonObject } from '@catena/domain'
import type { CredentialEntry } from '@catena/projections'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { evaluate, type Evaluation } from '../../libs/governance/src/controls/evaluate.js'
import type { CredentialHistory } from '../../libs/governance/src/history/credential-history.js'
import { DAY_MS, HOUR_MS } from '../../libs/governance/src/history/questions.js'
import { HistoryReader } from '../../libs/governance/src/history/read-history.js'
import { openVaultHistory, type VaultHistory } from './vault-history.js'

const T0 = Date.parse('2026-01-01T05:00:00Z')
const KV = { mount_type: 'kv', mount_point: 'secret/', mount_accessor: 'kv_1' }
const AUTH = { accessor: 'A1'.padEnd(24, 'x'), display_name: 'ana', entity_id: 'e1', token_type: 'service' }
const YEARS = 3_650

function answered(day: number, path: string, operation: string, data: JsonObject): string {
  const request = { ...KV, id: `${path} ${operation} ${day}`, operation, path: `secret/data/${path}` }
  return JSON.stringify({ time: new Date(T0 + day * DAY_MS).toISOString(), type: 'response', auth: AUTH, request, response: { data } }) // prettier-ignore
}
const write = (day: number, path: string, version: number) => answered(day, path, 'update', { version })
const read = (day: number, path: string, version: number) => answered(day, path, 'read', { metadata: { version } })

/** A vault that has been silent since the second day, but for a clock that was years ahead. */
const RECORDS = [
  ...[write(0, 'app', 1), read(1, 'app', 1), write(0, 'rotated', 1), read(1, 'rotated', 1), write(0, 'read', 1)],
  ...[read(YEARS, 'other', 1), write(YEARS, 'rotated', 2), read(YEARS, 'read', 1)],
]

describe('a record with a time that is years ahead', () => {
  let vault: VaultHistory
  let reader: VaultHistory['reader']
  let credentials: readonly CredentialEntry[]

  beforeAll(async () => {
    vault = await openVaultHistory(RECORDS)
    reader = vault.reader
    credentials = (await reader.credentials(await reader.asOf(), {}, { limit: 9 })).items.map(({ item }) => item)
  }, 240_000)
  afterAll(() => vault.close())

  const idOf = (path: string): string => credentials.find((one) => one.path === path)!.id
  async function live(path: string, at: Instant): Promise<CredentialHistory> {
    for await (const [history] of new HistoryReader(reader).current([idOf(path)], at)) return history!
    throw new Error(`nothing is known of ${path}`)
  }
  const onDate = async (path: string, at: Instant): Promise<CredentialHistory> =>
    (await new HistoryReader(reader).onDate(await reader.asOf(), idOf(path), at))!
  const verdict = ({ results }: Evaluation, id: string) => results.find(({ control }) => control === id)?.verdict

  it('R2.7 does not keep a source alive that has been silent since', async () => {
    expect(verdict(evaluate(await live('app', T0 + 300 * DAY_MS)), 'source-alive')).toBe('uncontrolled')
    expect(verdict(evaluate(await live('app', T0 + 1.5 * DAY_MS)), 'source-alive')).toBe('controlled')
  })

  it('R2.1 is no rotation and no use yet', async () => {
    const rotated = await live('rotated', T0 + 200 * DAY_MS)
    expect(verdict(evaluate(rotated), 'rotation-age')).toBe('uncontrolled')
    expect(rotated.retrievals.map(({ end }) => end.state)).toEqual(['missing'])
    expect((await live('read', T0 + 200 * DAY_MS)).accessors).toEqual([])
  })

  it('R1.10 R5.2 counts in live verdicts when it counts in those of the same date, before and after its time', async () => {
    for (const path of ['app', 'rotated', 'read'])
      for (const day of [1.5, 300, YEARS - 0.01, YEARS, YEARS + 1]) {
        const at = T0 + day * DAY_MS
        expect([path, day, { ...(await live(path, at)), nextAt: undefined }]).toEqual([
          path,
          day,
          await onDate(path, at),
        ])
      }
  })

  it('R5.1 has its credential judged again at its time, and one of which nothing else is known is judged already', async () => {
    const at = T0 + YEARS * DAY_MS
    const before = await live('rotated', at - HOUR_MS)
    expect([before.nextAt, evaluate(before).validUntil]).toEqual([at, at])
    const other = await live('other', at - HOUR_MS)
    expect([other.nextAt, other.accessors, other.changes]).toEqual([at, [], []])
    expect((await live('other', at)).nextAt).toBe(undefined)
  })
})
