import { form, makeKey, type Activity, type Key } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { accountLogIn, directoryChange } from './testing/facts.js'
import { chain, fact, key, pageOf, read } from './testing/given.js'

const ACCOUNT = makeKey('vault-account', 'prod', 'up_1/sam')
const SAM = key('x', 'presents', 'person', 'sam').forms[0]?.key as Key
const EVE = key('x', 'presents', 'person', 'eve').forms[0]?.key as Key
const use = { ...read('t1', 1_000), positions: [30] }
const login: Activity = { ...accountLogIn('t1', 'sam', 900), positions: [20] }
const withAccount: Activity = {
  ...login,
  groups: [...login.groups, { role: 'account', verb: 'binds', trust: 'verified', forms: [form(ACCOUNT)] }],
}

let decisions = 0
function decided(join: 'joined' | 'ended' | 'rejected', principal: Key, position: number, more: object = {}): Activity {
  decisions += 1
  const relates = (role: string, one: Key) => ({
    role,
    verb: 'relates' as const,
    trust: 'verified' as const,
    forms: [form(one)],
  })
  return fact({
    factId: `catena:identity:${decisions}`,
    kind: 'identity-joined',
    occurredAt: 5_000 + position,
    positions: [position],
    groups: [relates('alias', ACCOUNT), relates('principal', principal)],
    attributes: { join, alias: ACCOUNT, principal, ...more },
  })
}

describe('an account of the vault that an operator joined to a person', () => {
  const known = [withAccount, directoryChange('sam', 1, { username: 'sam' }, { created: true })]
  const join = decided('joined', SAM, 100)

  it("R1.6 is the person, inferred, with the caveat of an operator's join and the decision as evidence", async () => {
    const { actor, path } = await chain(use, [...known, join])
    expect(actor).toMatchObject({
      kind: 'attributed',
      state: 'inferred',
      principal: { key: SAM, name: 'sam' },
      caveats: ["operator's join"],
    })
    expect(actor.evidence).toContain(100)
    expect(path.state).toBe('proven')
  })

  it('R1.10 is nobody known before the decision was recorded, and before it was made', async () => {
    const given = [...known, join]
    const [before] = await pageOf([use], given, { asOf: { position: 99 } })
    expect(before?.actor).toMatchObject({ kind: 'missing', reason: 'identity not joined' })
    const [then] = await pageOf([use], given, { asOf: { validAt: 4_000 } })
    expect(then?.actor).toMatchObject({ kind: 'missing', reason: 'identity not joined' })
  })

  it('R1.6 is nobody known from the very end of the span on, and no end said later makes it longer', async () => {
    const until = (validTo: number): Activity => decided('joined', SAM, 102, { validTo })
    const ended = decided('ended', SAM, 103, { validTo: 2_000 })
    const kinds = [[until(901)], [until(900)], [until(900), ended]].map(async (joins) => (await chain(use, [...known, ...joins])).actor.kind) // prettier-ignore
    expect(await Promise.all(kinds)).toEqual(['attributed', 'missing', 'missing'])
  })

  it('R1.6 is nobody known where the account is only claimed', async () => {
    const groups = withAccount.groups.map((group) => (group.role === 'account' ? { ...group, trust: 'claimed' as const } : group)) // prettier-ignore
    expect((await chain(use, [{ ...withAccount, groups }, join])).actor).toMatchObject({
      reason: 'identity not joined',
    })
  })

  it('R1.6 is that person only in the span of which the join tells', async () => {
    const early = decided('joined', SAM, 101, { validTo: 800 })
    const fitting = decided('joined', SAM, 102, { validFrom: 850, validTo: 950 })
    expect((await chain(use, [...known, early])).actor.kind).toBe('missing')
    expect((await chain(use, [...known, fitting])).actor.kind).toBe('attributed')
  })

  it('R6.4 is that person no more from when the join was ended, and is still before', async () => {
    const ends = (validTo: number) => [...known, join, decided('ended', SAM, 110, { validTo })]
    expect((await chain(use, ends(850))).actor.kind).toBe('missing')
    expect((await chain(use, ends(950))).actor.kind).toBe('attributed')
  })

  it('R1.4 is one of two where two decisions name two', async () => {
    const both = [...known, join, decided('joined', EVE, 120)]
    expect((await chain(use, both)).actor).toMatchObject({ kind: 'ambiguous', caveats: ["operator's join"] })
  })

  it('R1.6 is nobody by a decision that rejects, nor after the provider deleted the person', async () => {
    expect((await chain(use, [...known, decided('rejected', SAM, 130)])).actor.kind).toBe('missing')
    const gone = directoryChange('sam', 500, {}, { deleted: true })
    expect((await chain(use, [...known, join, gone])).actor.kind).toBe('missing')
  })

  it('R1.6 stays nobody where the account is declared as held by many', async () => {
    const shared = { ...withAccount, attributes: { ...withAccount.attributes, sharedIdentity: 'userpass:sam' } }
    expect((await chain(use, [shared, join])).actor).toMatchObject({ kind: 'missing', shared: 'userpass:sam' })
  })
})
