import { FORWARD_MAX, MemoryFacts, usesOf, walk, WALK_DEFAULTS, withContents } from '@catena/access-chain'
import { form, makeKey, type Activity, type Key } from '@catena/domain'
import { cutAt } from '@catena/ledger'
import { credentialOf, namedCredentialOf, type AccessReader, type FactFilter, type SlotPart } from '@catena/projections'
import { describe, expect, it } from '@jest/globals'
import { ListChains, ListChainsHandler } from './list-chains.js'

const ACCOUNT = makeKey('vault-account', 'prod', 'auth/ldap/ann')
const TOKEN = form(makeKey('vault-token', 'prod', 't'))

const groups = {
  login: [
    { role: 'account', verb: 'binds', trust: 'verified', forms: [form(ACCOUNT)] },
    { role: 'issued', verb: 'establishes', trust: 'verified', by: 'login', forms: [TOKEN] },
  ],
  read: [{ role: 'caller', verb: 'presents', trust: 'verified', forms: [TOKEN] }],
} as const

function told(kind: 'login' | 'secret-read', number: number, containerName?: string): Activity {
  const target = containerName === undefined ? {} : { target: { system: 'vault/prod', containerName, path: 'x' } }
  return { factId: `${kind} ${number}`, source: 'vault', kind, type: kind, occurredAt: number, resolutionMs: 0, outcome: 'succeeded', ...target, groups: kind === 'login' ? groups.login : groups.read, attributes: {}, conflicts: [], positions: [number] } // prettier-ignore
}

const targetOf = (path: string) => ({ system: 'vault/prod', container: `kv_${path}`, containerName: `${path}/`, path })

/** Of each credential that is asked for. */
const NAMES = ['old/', 'new/'].map((containerName) => namedCredentialOf({ system: 'vault/prod', containerName, path: 'x' })) // prettier-ignore

function handler(facts: readonly Activity[]): ListChainsHandler {
  const memory = new MemoryFacts()
  for (const fact of facts) memory.add(fact)
  const index = memory.at({ position: Math.max(...facts.flatMap(({ positions }) => positions)) })
  const chains = (_: unknown, asked: readonly Activity[]) => walk(index, asked, { ...WALK_DEFAULTS, sources: [] })
  const uses = async (_: unknown, keys: readonly Key[]) => {
    const forward = await usesOf(index, keys)
    return { ...forward, all: await withContents(index, forward.all) }
  }
  const credentialNames = (_: unknown, ids: readonly string[]) => Promise.resolve(new Map(ids.map((id) => [id, NAMES])))
  return new ListChainsHandler({ index: () => index, usesOf: uses, chains, credentialNames } as unknown as AccessReader)
}

describe('what came through an account that read more than a list holds', () => {
  const others = Array.from({ length: FORWARD_MAX }, (_, number) => told('secret-read', number + 3, 'other/'))
  const facts = [told('login', 1), told('secret-read', 2, 'mine/'), ...others]
  const listed = async (within?: readonly SlotPart[]) => {
    const query = new ListChains({ position: facts.length, cut: cutAt(facts.length) }, { within }, ACCOUNT, { limit: 1, after: undefined })
    const { items, truncated } = await handler(facts).execute(query)
    return { ids: items.map(({ item }) => item.fact.factId), truncated }
  } // prettier-ignore

  it('R7.1 shows all of the part that somebody may see, and nothing of how much there is beside it', async () => {
    expect(await listed([{ vaults: ['mine'] }])).toEqual({ ids: ['secret-read 2'], truncated: false })
  })

  it('R1.2 says that it is not complete to whoever may see all', async () => {
    expect(await listed()).toEqual({ ids: [`secret-read ${FORWARD_MAX + 2}`], truncated: true })
  })
})

describe('what came through an account and was unwrapped', () => {
  const wrapping = form(makeKey('vault-token', 'prod', 'w'))
  const wrapped = (path: string, number: number): Activity => ({
    ...told('secret-read', number),
    target: targetOf(path),
    groups: [{ role: 'wrapping', verb: 'establishes', trust: 'verified', by: 'handover', forms: [wrapping] }],
  })
  const opened: Activity = {
    ...told('secret-read', 9),
    kind: 'response-unwrapped',
    groups: [
      ...groups.read,
      { role: 'opened', verb: 'presents', trust: 'verified', sideways: true, forms: [wrapping] },
    ],
  }
  const listed = async (paths: readonly string[], filter: Partial<FactFilter>): Promise<string[]> => {
    const facts = [told('login', 1), ...paths.map((path, number) => wrapped(path, number + 2)), opened]
    const query = new ListChains({ position: 9, cut: cutAt(9) }, filter, ACCOUNT, { limit: 5, after: undefined })
    return (await handler(facts).execute(query)).items.map(({ item }) => item.fact.factId)
  }

  it('R7.3 is shown to whoever may see all that it may have been, and to nobody who would learn of another by it', async () => {
    const [mine, both] = [[{ vaults: ['mine'] }], [{ vaults: ['mine', 'other'] }]]
    expect(await listed(['mine'], { within: mine })).toEqual([opened.factId])
    for (const paths of [
      ['mine', 'other'],
      ['other', 'mine'],
    ]) {
      for (const vault of ['mine', 'other']) expect(await listed(paths, { within: [{ vaults: [vault] }] })).toEqual([])
      expect(await listed(paths, { within: both })).toEqual([opened.factId])
    }
  })

  it('R1.2 is found by each credential that it may have been', async () => {
    const [mine, other] = ['mine', 'other'].map((path) => credentialOf(targetOf(path)))
    for (const credential of [mine, other])
      expect(await listed(['mine', 'other'], { credential })).toEqual([opened.factId])
    expect(await listed(['mine'], { credential: other })).toEqual([])
  })
})

describe('what an account was refused by the name of a credential alone', () => {
  it('R1.9 is found by the credential under each name that it was known by', async () => {
    const refused = ['old/', 'new/', 'other/'].map((name, number) => ({ ...told('secret-read', number + 2, name), outcome: 'denied' as const })) // prettier-ignore
    const credential = credentialOf(targetOf('x'))
    const query = new ListChains({ position: 9, cut: cutAt(9) }, { credential }, ACCOUNT, { limit: 5, after: undefined }) // prettier-ignore
    const { items } = await handler([told('login', 1), ...refused]).execute(query)
    expect(items.map(({ item }) => item.fact.factId)).toEqual(['secret-read 3', 'secret-read 2'])
  })
})
