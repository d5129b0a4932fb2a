import { FORWARD_MAX, MemoryFacts, usesOf, walk, WALK_DEFAULTS } from '@catena/access-chain'
import { form, makeKey, type Activity } from '@catena/domain'
import { cutAt } from '@catena/ledger'
import type { AccessReader, SlotPart } from '@catena/projections'
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

function handler(facts: readonly Activity[]): ListChainsHandler {
  const memory = new MemoryFacts()
  for (const fact of facts) memory.add(fact)
  const index = memory.at({ position: facts.length })
  const chains = (_: unknown, asked: readonly Activity[]) => walk(index, asked, { ...WALK_DEFAULTS, sources: [] })
  return new ListChainsHandler({ index: () => index, usesOf: (_: unknown, keys: []) => usesOf(index, keys), chains } as unknown as AccessReader) // prettier-ignore
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
