import { MemoryFacts } from '@catena/access-chain'
import { form, makeKey, type Activity, type Key, type KeyGroup } from '@catena/domain'
import { cutAt } from '@catena/ledger'
import type { CredentialEntry } from '@catena/projections'
import { startTestClient } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import { ana, ben } from '../testing/histories.js'
import { credentialsOfSpoken } from './spoken-of.js'

const payments = makeKey('group', 'gitlab/git', '7')
const OWNED = '11111111-1111-1111-1111-111111111111'
const RULED = '2'.repeat(32)

function told(factId: string, groups: readonly (readonly [string, KeyGroup['verb'], Key])[]): Activity {
  return {
    factId, source: 'git', kind: 'membership-changed', type: 'told', occurredAt: 1, resolutionMs: 0, outcome: 'succeeded', attributes: {},
    groups: groups.map(([role, verb, key]) => ({ role, verb, trust: 'verified', forms: [form(key)] })), conflicts: [], positions: [1],
  }
} // prettier-ignore

const joined = told('1', [['person', 'describes', ana], ['group', 'presents', payments]]) // prettier-ignore
const destroyed = told('2', [['group', 'presents', payments]])

describe('credentials whose people were spoken of', () => {
  let client: pg.Client
  let stop: () => Promise<void>
  beforeAll(async () => {
    ;({ client, stop } = await startTestClient())
    const rules = (version: number, key: Key) => ({ version, at: version, by: 'x', rules: [{ id: 'r', path: 'secret/pay/**', owner: { key, name: 'them' } }] }) // prettier-ignore
    await client.query(`INSERT INTO decisions.stewardship (credential, position, owner, state) VALUES ($1, 1, $2, '{}')`, [OWNED, payments]) // prettier-ignore
    for (const [position, key] of [[2, payments], [3, ben]] as const) // prettier-ignore
      await client.query(`INSERT INTO decisions.rule_list (kind, position, state) VALUES ('ownership', $1, $2)`, [position, rules(position, key)]) // prettier-ignore
  }, 60_000)
  afterAll(() => stop())

  const entries = ['secret/pay/card', 'secret/ops/card'].map((path, number) => ({ id: String(number + 2).repeat(32), system: 'vault/prod-1', containerName: 'secret/', path: path.slice(7) }) as CredentialEntry) // prettier-ignore
  const reader = {
    async *everyCredential() {
      await Promise.resolve()
      yield entries
    },
  }
  async function spokenOf(activity: Activity, position = 9): Promise<string[]> {
    const facts = new MemoryFacts()
    for (const one of [joined, destroyed]) facts.add(one)
    const asOf = { position, cut: cutAt(position), validAt: undefined }
    return [...(await credentialsOfSpoken(client, { facts: facts.at({ position: Infinity }), reader, asOf }, [activity]))].sort() // prettier-ignore
  }

  it('R2.2 R4.1 are those of a team that was no more than mentioned: as where it was deleted', async () => {
    expect(await spokenOf(destroyed, 1)).toEqual([OWNED])
  })

  it('R2.2 R4.1 are those that a rule gives to them or their team, now or before', async () => {
    expect(await spokenOf(joined)).toEqual([OWNED, RULED])
    expect(await spokenOf(told('3', [['person', 'describes', ben]]))).toEqual([RULED])
    expect(await spokenOf(told('4', [['person', 'describes', makeKey('person', 'gitlab/git', '99')]]))).toEqual([])
  })
})
