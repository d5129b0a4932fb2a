import { MemoryFacts, WALK_DEFAULTS, type MemoryFactIndex } from '@catena/access-chain'
import type { Activity } from '@catena/domain'
import { expect, it } from '@jest/globals'
import type pg from 'pg'
import { underEntity } from '../../libs/access-chain/src/testing/facts.js'
import { key, logIn, signIn, sourcesWith } from '../../libs/access-chain/src/testing/given.js'
import { findAffected } from '../../libs/governance/src/access-summary/find-affected.js'
import { NO_SURROUNDINGS } from '../../libs/governance/src/access-summary/surroundings.js'

function knowing(facts: readonly Activity[]): MemoryFactIndex {
  const all = new MemoryFacts()
  for (const one of facts) all.add(one)
  return all.at({ position: 1 })
}

const issuer = { kind: 'keycloak', scope: 'acme' } as const
const federations = [{ mount: 'auth/oidc/', issuer, claims: {} }]
const settings = { ...WALK_DEFAULTS, sources: sourcesWith('vault', { federations }) }

it('R1.6 asks for what was read through accounts of an entity, when a late sign-in tells whose its federated login is', async () => {
  const known = [underEntity(logIn('t', 10_002, { name: 'ada' }), 'ops')]
  const { groups, ...late } = signIn('s1', 'ada', 10_000)
  const news = [{ ...late, groups: [...groups, key('person-name', 'binds', 'person-name', 'ada')] }]
  const asked: unknown[] = []
  const query = (_: string, values: readonly unknown[]) => Promise.resolve({ rows: (asked.push(values), []) })
  const batch = { activities: news, before: NO_SURROUNDINGS, now: NO_SURROUNDINGS, settings }
  const knowledge = { index: knowing([...known, ...news]), earlier: knowing(known) }
  await findAffected({ query } as unknown as pg.ClientBase, knowledge, batch)
  expect(asked).toContainEqual([['entity-of-ops']])
})
