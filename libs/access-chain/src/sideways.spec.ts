import { describe, expect, it } from '@jest/globals'
import { attempt, GITHUB, named, runAlone, unwrap, wrap } from './testing/facts.js'
import { chain, fact, key, logIn, read, signIn, sourcesWith } from './testing/given.js'

const job = (claims: Record<string, string>) => logIn('t1', 2_000, claims, GITHUB)
const exact = { run: '11', attempt: '11/1' }

describe('who set off the attempt', () => {
  const byGreta = attempt('11', 1, 1_000, { initiator: 'greta' })

  it('R1.4 stands beside the path with a state of its own', async () => {
    const { sideways, actor } = await chain(read('t1', 3_000), [{ ...byGreta, positions: [4] }, job(exact)])
    expect(sideways).toEqual([{ role: 'initiator', state: 'proven', name: 'greta', evidence: [4] }])
    expect(actor).toMatchObject({ principal: { kind: 'workload' } })
  })

  it('R1.4 is a person where the record says whom', async () => {
    const initiator = { ...key('initiator', 'presents', 'person', 'g7'), sideways: true }
    const known = { ...byGreta, groups: [...byGreta.groups, initiator] }
    const { sideways } = await chain(read('t1', 3_000), [known, job(exact)])
    expect(sideways).toMatchObject([{ principal: { kind: 'person', name: 'greta', key: 'person:keycloak/acme:g7' } }])
  })

  it('R1.4 is of this attempt, not of the one before', async () => {
    const again = attempt('11', 2, 1_500, { initiator: 'hans' })
    const { sideways } = await chain(read('t1', 3_000), [byGreta, again, job({ run: '11', attempt: '11/2' })])
    expect(sideways.map(({ name }) => name)).toEqual(['hans'])
  })

  it('R1.4 is unknown where the attempt is one of several, or may be', async () => {
    const two = [byGreta, attempt('11', 2, 1_500, { initiator: 'greta' }), job({ run: '11' })]
    expect((await chain(read('t1', 3_000), two)).sideways).toEqual([])
    const sources = sourcesWith('ci', { gaps: [{ from: 0, to: 500 }] })
    expect((await chain(read('t1', 3_000), [byGreta, job({ run: '11' })], { sources })).sideways).toEqual([])
  })

  it('R1.4 is unknown where only the run is recorded: which attempt it was is not', async () => {
    const { path, sideways } = await chain(read('t1', 3_000), [
      runAlone('11', 1_000, { initiator: 'greta' }),
      job(exact),
    ])
    expect([path.state, sideways]).toEqual(['inferred', []])
  })

  it('R1.4 is ambiguous where the records of one attempt name two', async () => {
    const other = { ...attempt('11', 1, 1_100, { initiator: 'hans' }), factId: 'ci:11/1:again' }
    const { sideways } = await chain(read('t1', 3_000), [byGreta, other, job(exact)])
    expect(sideways.map(({ name, state }) => [name, state])).toEqual([
      ['greta', 'ambiguous'],
      ['hans', 'ambiguous'],
    ])
  })
})

describe('a wrapping', () => {
  const given = [signIn('s1', 'ada', 1_000), logIn('t1', 2_000, { session: 's1' })]

  it('R1.4 names its giver once, by whatever names records know it', async () => {
    const wrapping = wrap('w1', 't1', 3_000)
    const groups = wrapping.groups.map((group) =>
      group.role === 'wrapping' ? named(group, `hmac-sha256:${'a'.repeat(64)}`) : group,
    )
    const asked = unwrap('w1', 't2', 4_000)
    const opened = asked.groups.map((group) =>
      group.role === 'opened' ? named(group, `hmac-sha256:${'a'.repeat(64)}`) : group,
    )
    const { sideways } = await chain({ ...asked, groups: opened }, [...given, { ...wrapping, groups }])
    expect(sideways).toEqual([
      { role: 'giver', state: 'proven', fact: wrapping.factId, name: 'holder of t1', evidence: [1] },
    ])
  })

  it('R1.4 names every giver where its making is contested', async () => {
    const again = { ...wrap('w1', 't9', 3_500), factId: 'vault:wrap:again' }
    const { sideways } = await chain(unwrap('w1', 't2', 4_000), [wrap('w1', 't1', 3_000), again])
    expect(sideways.map(({ role, state, name }) => [role, state, name])).toEqual([
      ['giver', 'ambiguous', 'holder of t1'],
      ['giver', 'ambiguous', 'holder of t9'],
    ])
  })

  it('R1.4 names no giver of a request that opens nothing', async () => {
    const opened = key('opened', 'presents', 'vault-token', 'w1')
    const lookup = fact({ factId: 'vault:lookup', kind: 'operation', occurredAt: 4_000, groups: [opened] })
    expect((await chain(lookup, [wrap('w1', 't1', 3_000)])).sideways).toEqual([])
  })

  it('R1.4 names who opened it beside the uses of the token that was in it', async () => {
    const wrapped = wrap('w1', 't1', 3_000, 't5')
    const opening = { ...unwrap('w1', 't2', 4_000), positions: [8] }
    const denied = unwrap('w1', 't3', 4_500, { outcome: 'denied' })
    const { path, actor, sideways } = await chain(read('t5', 5_000), [...given, wrapped, opening, denied])
    expect([path.state, actor.kind === 'missing' && actor.reason]).toEqual(['proven', 'bearer handed over'])
    expect(sideways).toEqual([
      { role: 'unwrapped', state: 'proven', fact: opening.factId, name: 'holder of t2', evidence: [8] },
    ])
  })

  it('R1.4 names nobody beside the uses of a token that was handed over plainly', async () => {
    expect((await chain(read('t1', 5_000), [...given, unwrap('w1', 't2', 4_000)])).sideways).toEqual([])
  })
})
