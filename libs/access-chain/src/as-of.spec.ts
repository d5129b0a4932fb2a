import type { Activity } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import type { AsOf } from './fact-index.js'
import { directoryChange, revoke, snapshot } from './testing/facts.js'
import { logIn, pageOf, read, signIn, signOut } from './testing/given.js'
import { isValid } from './memory-fact-index.js'

const at = (position: number, fact: Activity): Activity => ({ ...fact, positions: [position] })
const MAIL = 'ada@acme.example'

const asked = at(1, read('t1', 3_000))
const login = at(2, logIn('t1', 2_000, { session: 's1' }))
const session = at(3, signIn('s1', 'ada', 1_000))
const other = at(4, signIn('s1', 'ben', 1_100, 'other'))
const revoked = at(5, revoke('t1', 4_000))
const recorded = [asked, login, session, other, revoked]

async function ask(asOf: Partial<AsOf>, given: readonly Activity[] = recorded, fact = asked) {
  const [chain] = await pageOf([fact], given, { asOf })
  return chain!
}

describe('as known at a cut', () => {
  it('R1.10 records count from when they were recorded, whatever time they tell of', async () => {
    const states = await Promise.all([1, 2, 3, 4].map(async (position) => (await ask({ position })).path.state))
    expect(states).toEqual(['missing', 'missing', 'proven', 'ambiguous'])
    const ends = await Promise.all([4, 5].map(async (position) => (await ask({ position })).callerEnd?.state))
    expect(ends).toEqual(['missing', 'proven'])
  })

  it('R1.10 the answer is that of a ledger which ends there', async () => {
    for (let position = 1; position <= recorded.length; position++)
      expect(await ask({ position })).toEqual(await ask({}, recorded.slice(0, position)))
  })

  it('R1.10 a fact observed again later is what it was then', async () => {
    const second = at(7, { ...asked, conflicts: ['path'] })
    const disagree = async (position: number) =>
      (await ask({ position }, [...recorded, second])).findings.some(({ kind }) => kind === 'observers disagree')
    expect([await disagree(6), await disagree(7)]).toEqual([false, true])
    expect((await ask({ position: 3 }, [...recorded, second])).fact.positions).toEqual([1])
  })

  it('R1.10 coverage and clocks are those known then', async () => {
    const lost = logIn('t1', 2_000, { session: 'lost' })
    const known = [asked, at(2, lost), at(6, signIn('s9', 'eva', 1_000)), at(8, signIn('s8', 'eva', 2_500))]
    const reason = async (position: number) => (await ask({ position }, known)).path.reason
    expect([await reason(5), await reason(6)]).toEqual(['source not connected', 'gap in the source'])
  })
})

describe('as valid at a time', () => {
  it('R1.10 what happened later does not count, whenever it was recorded', async () => {
    expect((await ask({ validAt: 3_999 })).callerEnd?.state).toBe('missing')
    expect((await ask({ validAt: 4_000 })).callerEnd?.state).toBe('proven')
    const ended = [asked, login, session, signOut('s1', 2_500)]
    expect([(await ask({}, ended)).actor.state]).toEqual(['inferred'])
  })

  it('R1.10 an export of June tells of January', async () => {
    const january = at(2, logIn('t1', 2_000, { email: MAIL }))
    const june = at(3, snapshot('ada', 600_000, { email: MAIL }))
    const known = [asked, january, june]
    expect((await ask({ validAt: 3_000 }, known)).actor).toMatchObject({
      state: 'inferred',
      principal: { key: 'person:keycloak/acme:ada' },
    })
    expect((await ask({ validAt: 3_000, position: 2 }, known)).actor.state).toBe('missing')
  })

  it('R1.10 a change of the directory counts from when it happened', async () => {
    const before = at(2, logIn('t1', 2_000, { email: MAIL }))
    const late = at(9, directoryChange('ada', 1_000, { email: MAIL }))
    const gone = at(8, directoryChange('ada', 2_500, {}, { deleted: true }))
    const caveats = async (asOf: Partial<AsOf>) => (await ask(asOf, [asked, before, late, gone])).actor.caveats
    expect(await caveats({})).toEqual(['custody: account deleted'])
    expect((await ask({ position: 8 }, [asked, before, late, gone])).actor.state).toBe('missing')
    expect(isValid(gone, { position: 9, validAt: 2_499 })).toBe(false)
    expect(isValid(gone, { position: 9, validAt: 2_500 })).toBe(true)
  })

  it('R1.10 both together: what was true at a time, as known at a cut', async () => {
    expect((await ask({ validAt: 3_500, position: 5 })).callerEnd?.state).toBe('missing')
    expect((await ask({ validAt: 4_000, position: 4 })).callerEnd?.state).toBe('missing')
    expect((await ask({ validAt: 4_000, position: 5 })).callerEnd?.state).toBe('proven')
  })
})
