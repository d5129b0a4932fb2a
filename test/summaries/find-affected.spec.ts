import { MemoryFacts, WALK_DEFAULTS, type MemoryFactIndex } from '@catena/access-chain'
import { form, makeKey, type Activity } from '@catena/domain'
import { expect, it } from '@jest/globals'
import type pg from 'pg'
import {
  accountLogIn,
  directoryChange,
  joined,
  lease,
  leaseEnd,
  SLOT,
  underAccount,
  underEntity,
  unwrap,
  wrap,
} from '../../libs/access-chain/src/testing/facts.js'
import { fact, key, logIn, read, signIn, sourcesWith } from '../../libs/access-chain/src/testing/given.js'
import { findAffected, type Batch } from '../../libs/governance/src/access-summary/find-affected.js'
import { NO_SURROUNDINGS } from '../../libs/governance/src/access-summary/surroundings.js'

function knowing(facts: readonly Activity[]): MemoryFactIndex {
  const all = new MemoryFacts()
  for (const one of facts) all.add(one)
  return all.at({ position: 1 })
}

const issuer = { kind: 'keycloak', scope: 'acme' } as const
const federations = [{ mount: 'auth/oidc/', issuer, claims: {} }]
const settings = { ...WALK_DEFAULTS, sources: sourcesWith('vault', { federations }) }

/** What is asked of the rows, and which facts are found, when these come after what was known. */
async function affectedBy(
  known: readonly Activity[],
  news: readonly Activity[],
  surroundings: Pick<Batch, 'before' | 'now'> = { before: NO_SURROUNDINGS, now: NO_SURROUNDINGS },
) {
  const asked: unknown[] = []
  const query = (_: string, values: readonly unknown[]) => Promise.resolve({ rows: (asked.push(values), []) })
  const batch = { activities: news, ...surroundings, settings }
  const knowledge = { index: knowing([...known, ...news]), earlier: knowing(known) }
  const affected = await findAffected({ query } as unknown as pg.ClientBase, knowledge, batch)
  return { asked, affected }
}

it('R1.6 asks for what was read through accounts of an entity, when a late sign-in tells whose its federated login is', async () => {
  const known = [underEntity(logIn('t', 10_002, { name: 'ada' }), 'ops')]
  const { groups, ...late } = signIn('s1', 'ada', 10_000)
  const news = [{ ...late, groups: [...groups, key('person-name', 'binds', 'person-name', 'ada')] }]
  const { asked } = await affectedBy(known, news)
  expect(asked).toContainEqual([['entity-of-ops']])
})

it('R1.6 walks anew what was read by an account that an operator joined to a person, when a late record tells that the person was deleted', async () => {
  const known = [underAccount(accountLogIn('t', 'ops', 10_000), 'ops'), read('t', 10_001), joined('ops', 'ada', 12_000)]
  const { affected } = await affectedBy(known, [directoryChange('ada', 5_000, {}, { deleted: true })])
  expect(affected).toEqual(new Set(['vault:read:t:10001']))
})

it('R1.4 asks for what was read through logins at an issuer since its last word, where that is known to be earlier than it seemed', async () => {
  const coverages = (to: number) => ({ ...NO_SURROUNDINGS, coverages: { idp: { from: 0, to } } })
  const { asked } = await affectedBy([], [], { before: coverages(90_000_000), now: coverages(50_000_000) })
  expect(asked).toEqual([[['vault'], 46_400_000_000], [86_400_000_000]])
})

it('R1.6 walks anew what was unwrapped, when the lease ends that only the request for it shows', async () => {
  const id = 'db/creds/app/L1'
  const { groups } = lease(id, 't1', 1_000)
  const asked: Activity = { ...wrap('w1', 't1', 1_000), kind: 'lease-issued', target: { ...SLOT, path: 'creds/app' } }
  const known = [
    { ...asked, groups: [...asked.groups, ...groups.filter(({ role }) => role === 'lease')] },
    unwrap('w1', 't2', 5_000),
  ]
  const { affected } = await affectedBy(known, [leaseEnd(id, 9_000, 'lease-revoked')])
  expect(affected).toContain(known[1]!.factId)
})

it('R1.6 asks for what was read through logins at an issuer since all its sessions were ended', async () => {
  const all = makeKey('idp-sessions', 'keycloak/acme', 'all')
  const group = { role: 'sessions', verb: 'ends', trust: 'verified', forms: [form(all)] } as const
  const { asked } = await affectedBy(
    [],
    [fact({ factId: 'idp:all', kind: 'logout', occurredAt: 100_000, groups: [group] })],
  )
  expect(asked).toEqual([[['vault'], 40_000_000]])
})
