import type { JsonObject } from '@catena/domain'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { evaluate } from '../../libs/governance/src/controls/evaluate.js'
import { RETRIEVALS_MAX, type CredentialHistory } from '../../libs/governance/src/history/credential-history.js'
import { HistoryReader } from '../../libs/governance/src/history/read-history.js'
import { isObtained } from '../../libs/governance/src/history/retrieval.js'
import { openVaultHistory, type VaultHistory } from './vault-history.js'

const DAY_MS = 86_400_000
const T0 = Date.parse('2026-01-01T05:00:00Z')
const NOW = T0 + 202 * DAY_MS
const ANA = {
  accessor: 'A1'.padEnd(24, 'x'),
  display_name: 'ana',
  entity_id: 'e1',
  token_type: 'service',
  policies: ['p'],
}
const MALLORY = { accessor: 'B1'.padEnd(24, 'x'), display_name: 'mallory', entity_id: 'e9', token_type: 'service' }
const KV = { mount_type: 'kv', mount_point: 'secret/' }
const OWN = { ...KV, mount_accessor: 'kv_1' }

let serial = 0
function asked(day: number, operation: string, name: string, more: JsonObject): JsonObject {
  const request = { ...OWN, id: `r${(serial += 1)}`, operation, path: `secret/data/${name}` }
  const time = new Date(T0 + day * DAY_MS + serial * 1_000).toISOString()
  return { time, type: 'response', auth: ANA, request, ...more }
}
const written = (day: number, name: string) => asked(day, 'update', name, { response: { data: { version: 1 } } })
const read = (day: number, name: string) =>
  asked(day, 'read', name, { response: { data: { metadata: { version: 1 } } } })

/** As a vault tells of it before it knows the mount, or when it does. */
function denied(day: number, name: string, mount: JsonObject): JsonObject {
  const { request, ...record } = asked(day, 'read', name, { type: 'request', auth: MALLORY })
  const { id, operation, path } = request as JsonObject
  return { ...record, request: { ...mount, id, operation, path }, error: 'permission denied' }
}

const times = (count: number, make: () => JsonObject): JsonObject[] => Array.from({ length: count }, make)
const MORE = RETRIEVALS_MAX + 1

/** All read by Ana; then Mallory asks for one by its name and for another by its mount, more often than a history holds. */
const RECORDS = [
  written(0, 'by-name'),
  read(150, 'by-name'),
  ...times(MORE, () => denied(201, 'by-name', KV)),
  written(0, 'by-mount'),
  read(150, 'by-mount'),
  ...times(MORE, () => denied(201, 'by-mount', OWN)),
  written(0, 'busy'),
  denied(149, 'busy', OWN),
  ...times(MORE, () => read(150, 'busy')),
]

describe('a history of more than it holds one by one', () => {
  let vault: VaultHistory
  let reader: VaultHistory['reader']

  beforeAll(async () => {
    vault = await openVaultHistory(RECORDS.map((record) => JSON.stringify(record)))
    reader = vault.reader
  }, 240_000)
  afterAll(() => vault.close())

  async function idOf(name: string): Promise<string> {
    const { items } = await reader.credentials(await reader.asOf(), {}, { limit: 10 })
    return items.find(({ item }) => item.path === name)!.item.id
  }

  /** As it is kept, and as it is put together for a date: both must be the same. */
  async function historyOf(name: string): Promise<CredentialHistory> {
    const histories = new HistoryReader(reader)
    const id = await idOf(name)
    const dated = await histories.onDate(await reader.asOf(), id, NOW)
    for await (const [live] of histories.current([id], NOW)) {
      expect(live?.retrievals).toEqual(dated?.retrievals)
      expect([live?.older, live?.accessors]).toEqual([dated?.older, dated?.accessors])
    }
    return dated!
  }
  const verdictOf = (history: CredentialHistory, control: string) =>
    evaluate(history).results.find((result) => result.control === control)?.verdict

  it.each(['by-name', 'by-mount'])(
    'R2.1 R5.2 keeps what was obtained, and its finding, however often anybody was refused since (%s)',
    async (name) => {
      const history = await historyOf(name)
      expect(history.retrievals.filter(isObtained).length).toBe(1)
      expect([history.retrievals.length, history.older]).toEqual([1 + RETRIEVALS_MAX, false])
      expect(verdictOf(history, 'rotation-age')).toBe('uncontrolled')
    },
    60_000,
  )

  it('R5.2 keeps who was refused, however often it was obtained since, and says that it was obtained before', async () => {
    const history = await historyOf('busy')
    expect(history.retrievals.at(-1)?.outcome).toBe('denied')
    expect([history.retrievals.length, history.older]).toEqual([RETRIEVALS_MAX + 1, true])
  }, 60_000)
})
