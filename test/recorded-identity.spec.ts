import { formatInstant, makeKey, type Key } from '@catena/domain'
import { identity, identityStream, observeIdentities, suggest } from '@catena/identity'
import { readChains } from '@catena/joinability'
import { handleCommand } from '@catena/ledger'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startRecordedJoinability, type RecordedJoinability } from './recorded-joinability.js'

let recorded: RecordedJoinability
beforeAll(async () => {
  recorded = await startRecordedJoinability()
}, 120_000)
afterAll(() => recorded.stop())

/** Chains of accounts with a password that nobody is known behind. */
async function unjoined() {
  const { reader } = recorded
  const asOf = await reader.asOf()
  const { items } = await reader.facts(asOf, {}, { limit: 1000 })
  const chains = await reader.chains(asOf, items.map(({ item }) => item)) // prettier-ignore
  return chains.filter(({ actor }) => actor.kind === 'missing' && actor.reason === 'identity not joined')
}

describe('the recorded organisation', () => {
  it('R1.6 suggests accounts that are called as people are, joins none, and forgets what was decided', async () => {
    const { reader } = recorded
    const asOf = await reader.asOf()
    const suggested = await suggest(reader.index(asOf), await reader.sameNames(asOf, 500))
    expect(suggested.length).toBeGreaterThan(0)
    for (const { alias, principal, evidence } of suggested) {
      expect([alias.split(':')[0], principal.split(':')[0]]).toContain('person')
      expect(evidence.length).toBeGreaterThan(0)
    }
    expect((await unjoined()).length).toBeGreaterThan(0)
  })

  it('R1.6 shows its fleet, and whose authority was handed on, with records behind each', async () => {
    const { chains } = await readChains(recorded.reader, { asOf: await recorded.reader.asOf() })
    const found = observeIdentities(chains)
    expect(found.map(({ kind, subject }) => [kind, subject])).toContainEqual([
      'one identity shared by a fleet',
      'vault approle:fleet',
    ])
    expect(found.map(({ kind }) => kind)).toContain('borrowed identity')
    for (const { evidence, retrievals } of found) expect([evidence.length > 0, retrievals > 0]).toEqual([true, true])
  })

  it("R1.6 R1.10 an accepted join makes the chain's actor inferred, and an as-of before the decision does not know it", async () => {
    const { reader, ledger, project } = recorded
    const [open] = await unjoined()
    if (open === undefined) throw new Error('the recording has no such chain')
    const login = open.path.links.at(-1)?.to[0] ?? ''
    const before = await reader.asOf()
    const account = (await reader.index(before).facts([login]))
      .get(login)
      ?.groups.find(({ role }) => role === 'account')
    const alias = account?.forms[0]?.key as Key
    const principal =
      (await suggest(reader.index(before), await reader.sameNames(before, 500)))[0]?.principal ??
      makeKey('person', 'keycloak/tideline', 'x')
    const command = {
      do: 'AcceptJoin',
      alias,
      principal,
      reason: 'asked the team',
      isShared: false,
      ownKeys: [],
    } as const
    const at = Date.parse('2027-01-01T00:00:00Z')
    await handleCommand(ledger, identity, { stream: identityStream(alias), command, by: { actor: 'person:sec', at } })
    await project()
    const actorAt = async (request: Parameters<typeof reader.asOf>[0]) => {
      const asOf = await reader.asOf(request)
      const fact = await reader.fact(asOf, open.fact.factId)
      return fact === undefined ? undefined : (await reader.chains(asOf, [fact]))[0]?.actor
    }
    expect(await actorAt({})).toMatchObject({
      kind: 'attributed',
      state: 'inferred',
      principal: { key: principal },
      caveats: expect.arrayContaining(["operator's join"]),
    })
    expect(await actorAt({ knownAt: before.cut })).toEqual(open.actor)
    expect([formatInstant(at), (await actorAt({ validAt: at - 1 }))?.kind]).toEqual([formatInstant(at), 'missing'])
    const after = await reader.asOf()
    const left = await suggest(reader.index(after), await reader.sameNames(after, 500))
    expect(left.some((one) => one.alias === alias && one.principal === principal)).toBe(false)
  })
})
