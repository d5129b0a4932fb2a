import { MemoryFacts, WALK_DEFAULTS } from '@catena/access-chain'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type pg from 'pg'
import { changeSecret } from '../../libs/access-chain/src/testing/facts.js'
import { findAffected } from '../../libs/governance/src/access-summary/find-affected.js'
import { NO_SURROUNDINGS } from '../../libs/governance/src/access-summary/surroundings.js'
import { openVaultHistory, type VaultHistory } from './vault-history.js'

const DAY = 86_400_000
const T0 = Date.parse('2026-03-01T10:00:00Z')
const KV = { mount_type: 'kv', mount_point: 'secret/', mount_accessor: 'kv_1', path: 'secret/data/app' }

/** A request that succeeded, so many days after the first. */
function asked(day: number, operation: string, answer: object): string {
  const auth = { accessor: 'a'.repeat(24), display_name: 'root', policies: ['root'] }
  const time = new Date(T0 + day * DAY).toISOString()
  return JSON.stringify({ time, type: 'response', auth, request: { ...KV, id: `on-day-${day}`, operation }, response: { data: answer } }) // prettier-ignore
}

const version = (number: number) => ({ metadata: { version: number } })

let vault: VaultHistory
beforeAll(async () => {
  vault = await openVaultHistory([
    asked(1, 'read', version(1)),
    asked(2, 'update', { version: 2 }),
    asked(3, 'read', version(2)),
    asked(4, 'delete', {}),
    asked(30, 'read', version(2)),
  ])
}, 120_000)
afterAll(() => vault.close())

it('R4.3 R6.5 what a secret that is brought back may open again is what was read of it and deleted, and not what was replaced long before', async () => {
  const { pool } = vault.reader
  const { rows } = await pool.query<{ body: { fact: string; end: { how?: string } } }>('SELECT body FROM governance.retrieval ORDER BY at_us') // prettier-ignore
  expect(rows.map(({ body: { end } }) => end.how)).toEqual(['rotated', 'deleted', undefined])
  const target = { system: 'vault/v-1', container: 'kv_1', containerName: 'secret/', path: 'app' }
  const restored = { ...changeSecret('secret-restored', T0 + 40 * DAY), target }
  const facts = new MemoryFacts()
  facts.add(restored)
  const [known, none] = [facts.at({ position: 1 }), new MemoryFacts().at({ position: 1 })]
  const batch = { activities: [restored], before: NO_SURROUNDINGS, now: NO_SURROUNDINGS, settings: { ...WALK_DEFAULTS, sources: [] } } // prettier-ignore
  const affected = await findAffected(pool as unknown as pg.ClientBase, { index: known, earlier: none }, batch)
  expect(affected).toEqual(new Set(['vault:v-1:on-day-3', 'vault:v-1:on-day-30']))
  // A deletion that had been brought back, which another observer doubts now, was what ended the first read.
  await pool.query("UPDATE governance.retrieval SET settled_us = $1 WHERE fact_id = 'vault:v-1:on-day-1'", [
    (T0 + 40 * DAY) * 1000,
  ])
  const again = await findAffected(pool as unknown as pg.ClientBase, { index: known, earlier: none }, batch)
  expect(again).toEqual(new Set(['vault:v-1:on-day-1', 'vault:v-1:on-day-3', 'vault:v-1:on-day-30']))
})
