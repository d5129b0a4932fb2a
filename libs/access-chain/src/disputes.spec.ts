import { mergeAll, type Activity } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { changeSecret, readSecret } from './testing/facts.js'
import { chain, logIn, pageOf, read, signIn } from './testing/given.js'

/** One fact as two observers tell it. */
const told = (fact: Activity, other: Partial<Activity>): Activity => mergeAll([fact, { ...fact, ...other }])
const kinds = (findings: readonly { kind: string }[]): string[] => findings.map(({ kind }) => kind)

describe('a login of which one observer says that it was refused', () => {
  const login = logIn('t1', 5_000, { session: 's1' })
  const disputed = told(login, { outcome: 'denied' })
  const known = [disputed, signIn('s1', 'ben', 4_000)]

  it('R1.4 R1.8 leaves its person a candidate, and is a finding of what came through it', async () => {
    const { path, actor, findings } = await chain(read('t1', 5_500), known)
    expect([path.state, actor]).toMatchObject(['ambiguous', { state: 'ambiguous', candidates: [{ name: 'ben' }] }])
    expect(kinds(findings)).toEqual(['observers disagree'])
  })

  it('R1.4 is itself of a candidate only', async () => {
    const [{ path, actor } = {}] = await pageOf([disputed], known)
    expect([path?.state, actor?.state]).toEqual(['ambiguous', 'ambiguous'])
  })

  it('R1.4 weakens nothing where they disagree on what the walk does not rest on', async () => {
    const address = told(
      { ...login, attributes: { ...login.attributes, address: 'a' } },
      { attributes: { address: 'b' } },
    )
    const { path, actor, findings } = await chain(read('t1', 5_500), [address, signIn('s1', 'ben', 4_000)])
    expect([path.state, actor.state, kinds(findings)]).toEqual(['proven', 'proven', ['observers disagree']])
  })
})

describe('a request of which two observers show two tokens', () => {
  it('R1.4 R1.8 leaves whoever held either a candidate, and is a finding', async () => {
    const [one, other] = [read('t1', 5_500), read('t2', 5_500)]
    const disputed = mergeAll([one, { ...other, factId: one.factId }])
    const known = [signIn('s1', 'ada', 1_000), logIn('t1', 2_000, { session: 's1' })]
    const { path, actor, findings } = await chain(disputed, known)
    expect([path.state, actor]).toMatchObject(['ambiguous', { state: 'ambiguous', candidates: [{ name: 'ada' }] }])
    expect(findings).toMatchObject([
      { kind: 'observers disagree', words: 'observers of this request disagree on caller' },
    ])
    const bens = [signIn('s2', 'ben', 1_000), logIn('t2', 2_000, { session: 's2' })]
    const both = await chain(disputed, [...known, ...bens])
    expect(both.actor).toMatchObject({ state: 'ambiguous', candidates: [{ name: 'ada' }, { name: 'ben' }] })
    expect((await chain(disputed, bens)).actor).toMatchObject({ state: 'ambiguous', candidates: [{ name: 'ben' }] })
  })
})

describe('a request on which observers disagree', () => {
  const use = readSecret('t1', 3_000, { attributes: { version: 1, grantedBy: ['a'] } })

  it('R1.4 is not proven to have been refused, and perhaps obtained what another observer says', async () => {
    const { effect, end } = await chain(told(use, { outcome: 'denied' }), [])
    expect(effect).toMatchObject({
      state: 'ambiguous',
      yielded: 'nothing: denied; by another observer perhaps version 1',
    })
    expect([end.state, end.words]).toEqual(['missing', 'whether anything was obtained is not known'])
  })

  it('R1.4 is not proven to have yielded either version, nor which of them ended', async () => {
    const either = told(use, { attributes: { version: 2 } })
    const { effect, end } = await chain(either, [
      changeSecret('secret-destroyed', 4_000, { attributes: { versions: [1] } }),
    ])
    expect([effect.state, end.state]).toEqual(['ambiguous', 'ambiguous'])
  })

  it('R1.4 is not proven to be of either secret', async () => {
    const { effect } = await chain(told(use, { target: { ...use.target!, path: 'payments/other' } }), [])
    expect(effect.state).toBe('ambiguous')
  })

  it('R1.4 is not proven to be by either policy', async () => {
    expect((await chain(told(use, { attributes: { grantedBy: ['b'] } }), [])).right.state).toBe('ambiguous')
  })
})
