import type { Activity, Target } from '@catena/domain'
import { credentialOf, namedCredentialOf, undashed } from '@catena/projections'
import { startTestClient } from '@catena/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import { markTargets } from './mark-stale.js'

let client: pg.Client
let stop: () => Promise<void>

beforeAll(async () => {
  ;({ client, stop } = await startTestClient())
}, 60_000)
afterAll(() => stop())

const named = (containerName: string, path = 'app'): Target => ({ system: 'v-1', containerName, path })
const target = (containerName: string, container: string): Target => ({ ...named(containerName), container })
/** Of one mount that was moved from `secret/` to `kv/`, of another that has the old name now, and of neither. */
const MOVED = target('kv/', 'kv_1')
const NEW = target('secret/', 'kv_2')
const OTHER = target('other/', 'kv_3')

function observed(of: Target): Activity {
  return { factId: 'f', source: 'vault', kind: 'secret-read', type: 'read', occurredAt: 0, resolutionMs: 1, outcome: 'unknown', target: of, groups: [], attributes: {}, conflicts: [], positions: [7] }
} // prettier-ignore

async function markedBy(...targets: readonly Target[]): Promise<string[]> {
  await markTargets(client, targets.map(observed), 7)
  const { rows } = await client.query<{ credential: string }>('SELECT credential FROM governance.stale_credential')
  return rows.map(({ credential }) => undashed(credential)).sort()
}

describe('what was asked for', () => {
  beforeEach(async () => {
    await client.query('TRUNCATE governance.stale_credential, access_credential, access_other_name')
    for (const one of [MOVED, NEW, OTHER])
      await client.query(
        `INSERT INTO access_credential (credential, system, container, container_name, path, named_credential, first_us, last_us, first_position, named_position)
         VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 1, 1)`,
        [credentialOf(one), one.system, one.container, one.containerName, one.path, namedCredentialOf(one)],
      )
    await client.query('INSERT INTO access_other_name VALUES ($1, $2, $3, 1)', [credentialOf(MOVED), namedCredentialOf(named('secret/')), 'secret/']) // prettier-ignore
  })

  it('R5.1 has a credential judged again, whether or not it was heard of before', async () => {
    const unheard = target('kv/', 'kv_9')
    expect(await markedBy(MOVED, unheard)).toEqual([credentialOf(MOVED), credentialOf(unheard)].sort())
  })

  it('R1.9 R5.1 by a name alone has every credential judged again that it is or was a name of, and no other', async () => {
    expect(await markedBy(named('secret/'))).toEqual([credentialOf(MOVED), credentialOf(NEW)].sort())
  })

  it('R1.9 R5.1 by its newest name alone, too', async () => {
    expect(await markedBy(named('kv/'))).toEqual([credentialOf(MOVED)])
  })

  it('R5.1 by a name alone that nothing has changes nothing', async () => {
    expect(await markedBy(named('secret/', 'another'))).toEqual([])
  })
})
