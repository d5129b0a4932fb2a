import { describe, expect, it } from '@jest/globals'
import { exchange } from './testing/facts.js'
import { chain, logIn, read, signIn, signOut } from './testing/given.js'

const through = (name: string): string => `idp-session:keycloak/acme:${name}`
const byPerson = (at: number, attributes = {}): ReturnType<typeof logIn> =>
  logIn('t1', at, { person: 'ada' }, attributes)

describe('two clocks', () => {
  /** A pair that says: the issuer's clock is ahead of the vault's by this much. */
  const ahead = (ms: number) => [signIn('pair', 'eva', 500_000 + ms), logIn('pair', 500_000, { session: 'pair' })]

  it('R1.4 that differ by more than the bound leave windows ambiguous: clock skew, a finding; minted keys stand', async () => {
    const given = [...ahead(5_001), signIn('s1', 'ada', 400_000), byPerson(500_000)]
    const { path, findings } = await chain(read('t1', 500_001), given)
    expect([path.state, path.caveats, findings.map(({ kind }) => kind)]).toEqual([
      'ambiguous',
      ['clock skew'],
      ['clock skew'],
    ])
    const minted = await chain(read('pair', 500_001), given)
    expect([minted.path.state, minted.path.caveats]).toEqual(['proven', []])
  })

  it('R1.4 are paired by a login whose answer was wrapped, too: its token was made then', async () => {
    const [start, login] = ahead(5_001)
    const groups = login!.groups.map((group) => (group.role === 'issued' ? { ...group, role: 'wrapped' } : group))
    const given = [start!, { ...login!, groups }, signIn('s1', 'ada', 400_000), byPerson(500_000)]
    expect((await chain(read('t1', 500_001), given)).path.caveats).toEqual(['clock skew'])
  })

  it('R1.4 that differ by no more leave the inference', async () => {
    const given = [...ahead(5_000), signIn('s1', 'ada', 400_000), byPerson(500_000)]
    expect((await chain(read('t1', 500_001), given)).path).toMatchObject({ state: 'inferred', caveats: [] })
  })

  it('R1.4 widen windows at both ends: a start seems late, an end early', async () => {
    const state = async (...facts: Parameters<typeof chain>[1][number][]) =>
      (await chain(read('t1', 500_001), [...ahead(2_000), byPerson(500_000), ...facts])).path.state
    // The vault's 500,000 is between 502,000 and 504,000 of the issuer's.
    expect(await state(signIn('s1', 'ada', 504_000))).toBe('inferred')
    expect(await state(signIn('s1', 'ada', 504_001))).toBe('missing')
    expect(await state(signIn('s1', 'ada', 400_000), signOut('s1', 502_000))).toBe('inferred')
    expect(await state(signIn('s1', 'ada', 400_000), signOut('s1', 501_999))).toBe('missing')
  })

  it('R1.4 let a session have begun as long ago as the widest window allows', async () => {
    const path = async (start: number) => {
      const given = [...ahead(2_000), byPerson(500_000, { sessionMaxMs: 100_000 }), signIn('s1', 'ada', start)]
      return (await chain(read('t1', 500_001), given)).path.state
    }
    expect([await path(402_000), await path(401_999)]).toEqual(['inferred', 'missing'])
  })

  it('R1.4 place the exchange of a code where they most likely stand, else wherever they may', async () => {
    const callback = { ...byPerson(500_000, { exchangesCode: true }), completedAt: 500_100 }
    const two = [signIn('s1', 'ada', 400_000), signIn('s2', 'ada', 400_000)]
    const path = async (...facts: Parameters<typeof chain>[1][number][]) =>
      (await chain(read('t1', 500_200), [...ahead(2_000), ...two, callback, ...facts])).path
    expect((await path(exchange('s1', 502_050), exchange('s2', 503_500))).through).toBe(through('s1'))
    expect((await path(exchange('s2', 503_500))).through).toBe(through('s2'))
    expect((await path(exchange('s2', 504_101))).state).toBe('ambiguous')
  })
})
