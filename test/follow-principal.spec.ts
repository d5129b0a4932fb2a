import { MemoryFacts, usesOf, walk, WALK_DEFAULTS } from '@catena/access-chain'
import type { Key } from '@catena/domain'
import type { AccessReader, KnownAsOf } from '@catena/projections'
import { describe, expect, it } from '@jest/globals'
import { accountLogIn, joined, underAccount } from '../libs/access-chain/src/testing/facts.js'
import { key, read, SOURCES } from '../libs/access-chain/src/testing/given.js'
import { followPrincipal } from '../libs/graphql/src/chains/follow-principal.js'

const ada = key('person', 'presents', 'person', 'ada').forms[0]?.key as Key

describe('what a person did', () => {
  it('R1.6 R1.2 has among it what was done by an account that an operator joined to the person', async () => {
    const all = new MemoryFacts()
    const use = read('t', 1_000)
    for (const one of [underAccount(accountLogIn('t', 'ops', 900), 'ops'), use, joined('ops', 'ada', 5_000)])
      all.add(one)
    const index = all.at({ position: 1 })
    const reader = { index: () => index, usesOf: (_: unknown, keys: readonly Key[]) => usesOf(index, keys) }
    const { facts, keeps } = await followPrincipal(reader as unknown as AccessReader, { position: 1 } as KnownAsOf, ada)
    const [chain] = await walk(index, [use], { ...WALK_DEFAULTS, sources: SOURCES })
    expect(facts.map(([{ factId }]) => factId)).toContain(use.factId)
    expect([chain?.actor, keeps(chain!)]).toMatchObject([{ kind: 'attributed', principal: { key: ada } }, true])
  })
})
