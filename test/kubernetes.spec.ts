import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MemoryFacts, walk, WALK_DEFAULTS, type Chain } from '@catena/access-chain'
import { connectorFor } from '@catena/connectors'
import type { JsonObject, SourceInstance } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { interpretRaw } from '../libs/connectors/src/fixture-cases.js'

const FIXTURES = join(process.cwd(), 'libs/connectors/src/kubernetes/fixtures')
const read = (file: string): JsonObject => JSON.parse(readFileSync(join(FIXTURES, file), 'utf8')) as JsonObject
const SOURCE = read('source.json') as unknown as SourceInstance

/** The chain of the last record, which must be the same in the opposite order. */
async function chainOf(...names: readonly string[]): Promise<Chain> {
  const [chain, turned] = await Promise.all([walkLast(names, false), walkLast(names, true)])
  expect(turned).toEqual(chain)
  return chain
}

async function walkLast(names: readonly string[], turned: boolean): Promise<Chain> {
  const facts = new MemoryFacts()
  const activities = names.map((name, index) =>
    interpretRaw(connectorFor('kubernetes'), SOURCE, JSON.stringify(read(`${name}.raw.json`)), { position: index + 1 }),
  )
  for (const activity of turned ? activities.toReversed() : activities) facts.add(activity)
  const index = facts.at({ position: names.length })
  const asked = index.all.filter(({ factId }) => factId === activities.at(-1)!.factId)
  const [chain] = await walk(index, asked, { ...WALK_DEFAULTS, sources: [SOURCE] })
  return chain!
}

describe('a secret that a pod read', () => {
  it('R1.1 R1.7 leads by the id of its token to the node that had it made, and names no holder', async () => {
    const { path, actor, identity, right } = await chainOf('token-requested', 'secret-read')
    expect([path.state, path.links.map(({ by }) => by)]).toEqual(['proven', ['handover', 'origin']])
    expect(actor).toMatchObject({ state: 'missing', reason: 'bearer handed over' })
    expect(identity).toMatchObject({ displayName: 'system:serviceaccount:shop:orders' })
    expect(right).toMatchObject({
      state: 'proven',
      policies: ['RoleBinding orders-secrets/shop of Role secret-reader'],
    })
  })

  it('R1.5 leads nowhere in a cluster that writes no id of the token it issues', async () => {
    const { path } = await chainOf('token-requested-old-cluster', 'secret-read')
    expect(path.state).toBe('missing')
  })

  it('R1.9 is one fact of the records of its stages', async () => {
    const { fact, findings } = await chainOf('secret-read-request-received', 'secret-read')
    expect([fact.positions, fact.outcome, fact.conflicts, findings]).toEqual([[1, 2], 'succeeded', [], []])
  })

  it('R1.1 ended for its reader when the secret was replaced', async () => {
    const { fact } = await chainOf('secret-read')
    const { fact: change } = await chainOf('secret-written')
    const ends = change.groups.find(({ verb }) => verb === 'ends')
    expect(ends?.forms.map(({ key }) => key)).toEqual([
      `credential:kubernetes/tideline-prod:${fact.target!.container!}/${fact.target!.path}`,
    ])
  })
})

describe('a token that lasts', () => {
  it('R1.6 ends the walk at its account', async () => {
    const { path, actor } = await chainOf('secret-read-legacy-token')
    expect([path.state, path.links.map(({ by }) => by)]).toEqual(['proven', ['origin']])
    expect(actor).toMatchObject({ reason: 'identity not joined' })
  })
})

describe('a request without the id of a credential', () => {
  it('R1.4 was authenticated, by what is not recorded', async () => {
    const { path } = await chainOf('secret-list')
    expect([path.state, path.reason]).toEqual(['missing', 'not recorded by that source'])
  })

  it('R1.4 of nobody authenticated nobody', async () => {
    const { path, right } = await chainOf('anonymous-refused')
    expect([path.state, path.reason, right.policies]).toEqual(['missing', 'nobody authenticated', []])
  })
})
