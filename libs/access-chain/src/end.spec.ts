import { mergeAll, type Activity } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { WALK_DEFAULTS } from './evidence.js'
import { MemoryFacts } from './memory-fact-index.js'
import { changeSecret, lease, leaseEnd, named, readSecret, revoke, unwrap, wrap } from './testing/facts.js'
import { chain, create, fact, key, logIn, pageOf, read, signIn, SOURCES } from './testing/given.js'
import { indexWith } from './testing/index-with.js'
import { REVOCATION_LAG_MS } from './end.js'
import { walk, walkSettled } from './walk.js'

const ID = 'db/creds/app/L1'
const leased = lease(ID, 't1', 1_000)

describe('a lease', () => {
  it('R1.1 R1.4 ends revoked, proven, by whoever asked, when the vault answered', async () => {
    const revoked = { ...leaseEnd(ID, 5_000, 'lease-revoked'), completedAt: 5_020, positions: [8] }
    const { end } = await chain(leased, [revoked, { ...leaseEnd(ID, 5_010), positions: [9] }])
    expect(end).toMatchObject({ state: 'proven', how: 'revoked', at: 5_020, by: revoked.factId, evidence: [8, 9] })
  })

  it('R1.4 is not ended by whoever revoked it after the vault had ended it', async () => {
    const late = leaseEnd(ID, 9_000, 'lease-revoked')
    const { end } = await chain(leased, [leaseEnd(ID, 5_000), late])
    expect(end).toMatchObject({ state: 'proven', how: 'ended', at: 5_000 })
    expect(end.by).toBeUndefined()
  })

  it('R1.4 perhaps ended with its token where that was revoked before: a vault ends both, and says yes to whoever revokes the lease later', async () => {
    const made = create('t1', 't0', 500)
    const revoked = leaseEnd(ID, 20_000, 'lease-revoked')
    const before = [made, revoke('t1', 9_000), revoked]
    expect((await chain(leased, before)).end).toMatchObject({ state: 'ambiguous', how: 'revoked', at: 20_000 })
    expect((await chain(leased, [made, revoke('t1', 30_000), revoked])).end).toMatchObject({ state: 'proven', at: 20_000 }) // prettier-ignore
    // The line of the server log says when it ended.
    expect((await chain(leased, [...before, leaseEnd(ID, 9_100)])).end).toMatchObject({ state: 'proven', how: 'ended', at: 9_100 }) // prettier-ignore
    expect((await chain(leased, [...before, leaseEnd(ID, 20_100)])).end).toMatchObject({ state: 'proven', how: 'revoked', at: 20_000 }) // prettier-ignore
  })

  it('R1.4 is perhaps ended where observers show two leases that were revoked', async () => {
    const [one, other] = [leaseEnd(ID, 5_000, 'lease-revoked'), leaseEnd('db/creds/app/L2', 5_000, 'lease-revoked')]
    const either = mergeAll([one, { ...other, factId: one.factId }])
    expect((await chain(leased, [either])).end).toMatchObject({ state: 'ambiguous', how: 'revoked' })
  })

  it('R1.4 is not ended by a revocation that failed', async () => {
    const failed = { ...leaseEnd(ID, 5_000, 'lease-revoked'), outcome: 'failed' as const }
    expect((await chain(leased, [failed])).end).toMatchObject({ state: 'missing', reason: 'no end seen' })
  })

  it('R1.4 ends without a stated reason where only the server log tells', async () => {
    const { end } = await chain({ ...leased, positions: [2] }, [{ ...leaseEnd(ID, 5_000), positions: [9] }])
    expect(end).toMatchObject({ state: 'proven', how: 'ended', at: 5_000, evidence: [2, 9] })
    expect([end.by, end.words.includes('does not say why')]).toEqual([undefined, true])
  })

  const underPrefix = (at: number, prefix: string, more: Partial<Activity> = {}): Activity =>
    fact({
      factId: `vault:prefix:${prefix}:${at}`,
      kind: 'lease-revoked',
      occurredAt: at,
      groups: [key('lease-prefix', 'ends', 'vault-lease-prefix', prefix)],
      ...more,
    })

  it('R1.4 ends revoked with its prefix, where the log ends it within two seconds of the request', async () => {
    for (const prefix of ['db', 'db/creds', 'db/creds/app']) {
      const request = underPrefix(4_000, prefix, { completedAt: 4_100 })
      const { end } = await chain(leased, [request, leaseEnd(ID, 4_100 + REVOCATION_LAG_MS)])
      expect(end).toMatchObject({ state: 'proven', how: 'revoked', by: request.factId })
    }
  })

  it('R1.4 is not ended by a prefix that was revoked later, long before, in vain, or beside it', async () => {
    for (const request of [
      underPrefix(5_001, 'db/creds'),
      underPrefix(5_000 - REVOCATION_LAG_MS - 1, 'db/creds'),
      underPrefix(4_000, 'db/creds', { outcome: 'denied' }),
      underPrefix(4_000, 'db/cre'),
    ])
      expect((await chain(leased, [request, leaseEnd(ID, 5_000)])).end.how).toBe('ended')
  })

  it('R1.4 has no end by a prefix alone: which leases ended only the server log says', async () => {
    expect((await chain(leased, [underPrefix(4_000, 'db/creds')])).end.state).toBe('missing')
  })

  it('R1.4 is one lease by all its names', async () => {
    const known = {
      ...leased,
      groups: leased.groups.map((group) => (group.role === 'lease' ? named(group, 'hmac-sha256:1') : group)),
    }
    const revoked = leaseEnd('hmac-sha256:1', 5_000, 'lease-revoked')
    expect((await chain(known, [revoked])).end.how).toBe('revoked')
  })
})

describe('a token that was made', () => {
  const made = create('t2', 't1', 1_000)

  it('R1.1 R1.4 ends revoked, proven, by whoever asked', async () => {
    const revoked = revoke('t2', 5_000)
    expect((await chain(made, [revoked])).end).toMatchObject({
      state: 'proven',
      how: 'revoked',
      at: 5_000,
      by: revoked.factId,
    })
    expect((await chain(made, [revoke('t2', 5_000, { outcome: 'denied' })])).end.state).toBe('missing')
    expect((await chain(made, [revoke('t3', 5_000)])).end.state).toBe('missing')
  })

  it('R1.4 is the caller’s own where it was presented', async () => {
    const { callerEnd, end } = await chain(read('t2', 2_000), [made, revoke('t2', 5_000)])
    expect([callerEnd?.how, end.state]).toEqual(['revoked', 'missing'])
  })

  it('R1.4 has no end told where its making was not seen, or is contested', async () => {
    expect((await chain(read('t2', 2_000), [revoke('t2', 5_000)])).callerEnd).toBeUndefined()
    const makers = [made, create('t2', 't3', 1_000)]
    expect((await chain(read('t2', 2_000), [...makers, revoke('t2', 5_000)])).callerEnd).toBeUndefined()
  })

  const path = 'auth/jwt/login'
  const logged = (count: number, at: number): Activity[] =>
    Array.from({ length: count }, (_, number) =>
      fact({
        factId: `vault:log:${at}:${number}`,
        kind: 'lease-ended',
        occurredAt: at,
        groups: [key('path', 'ends', 'vault-token-path', path)],
      }),
    )
  const login = logIn('t1', 1_000, {}, { path, issuedTtlSeconds: 60 })

  it('R1.4 that a line of the log may have ended when it was due is ambiguous: the line names only the path', async () => {
    for (const at of [61_000 - REVOCATION_LAG_MS, 61_000 + REVOCATION_LAG_MS])
      expect((await chain(login, logged(1, at))).end).toMatchObject({ state: 'ambiguous', how: 'expired', at })
    expect((await chain(login, logged(2, 61_000))).end).toMatchObject({ state: 'ambiguous' })
    expect((await chain(login, logged(2, 61_000))).end.at).toBeUndefined()
  })

  it('R1.4 is not ended by a line of another time', async () => {
    for (const at of [61_000 - REVOCATION_LAG_MS - 1, 61_000 + REVOCATION_LAG_MS + 1])
      expect((await chain(login, logged(1, at))).end).toMatchObject({ state: 'missing', reason: 'no end seen' })
  })

  it('R1.4 is not ended by a line of the server log where it is a batch token: those have no lease, and are not renewed', async () => {
    const batch = { ...login, attributes: { ...login.attributes, tokenType: 'batch' } }
    for (const lines of [logged(1, 61_000), logged(2, 61_000), []]) {
      const { end } = await chain(batch, lines)
      expect(end).toMatchObject({ state: 'missing', reason: 'no end seen', evidence: [] })
      expect([end.words.includes('batch'), end.words.includes('unless renewed')]).toEqual([true, false])
    }
  })

  it('R1.4 perhaps ended by itself before it was revoked, once it was due: a vault says yes also of one that is dead', async () => {
    const [inTime, late] = [revoke('t1', 61_000 + REVOCATION_LAG_MS), revoke('t1', 61_001 + REVOCATION_LAG_MS)]
    expect((await chain(login, [inTime])).end).toMatchObject({ state: 'proven', how: 'revoked', at: inTime.occurredAt })
    const { end } = await chain(login, [{ ...late, positions: [9] }])
    expect(end).toMatchObject({ state: 'ambiguous', how: 'revoked', at: late.occurredAt, by: late.factId })
    expect([end.words.includes('unless renewed'), end.evidence.includes(9)]).toEqual([true, true])
    // Only a living one can revoke itself, or be found by its accessor: it was renewed.
    const living = revoke('t1', 900_000, { attributes: { ofLiving: true } })
    expect((await chain(login, [living])).end).toMatchObject({ state: 'proven', how: 'revoked', at: 900_000 })
    expect((await chain(login, [late, living])).end).toMatchObject({ state: 'ambiguous', at: late.occurredAt })
  })

  it('R1.4 was due counted from the answer', async () => {
    const late = { ...login, completedAt: 5_000 }
    expect((await chain(late, logged(1, 65_000 + REVOCATION_LAG_MS))).end.how).toBe('expired')
    expect((await chain(late, logged(1, 61_000))).end.state).toBe('missing')
  })

  it('R1.4 without a time to live that can be meant has no end seen', async () => {
    for (const ttl of [undefined, 0, -1, -1e300, 9e9, 1e13, 1e300]) {
      const endless = logIn('t1', 1_000, {}, { path, issuedTtlSeconds: ttl })
      expect((await chain(endless, logged(1, 1_000))).end.words).toContain('none tells a usable time to live')
    }
  })

  it('R1.9 has the end that it has alone, beside another of its path on the page', async () => {
    const other = logIn('t9', 500_000, {}, { path, issuedTtlSeconds: 60 })
    const chains = await pageOf([login, other], logged(1, 300_000))
    expect(chains.map(({ end }) => end.state)).toEqual(['missing', 'missing'])
  })
})

describe('a wrapping', () => {
  it('R1.1 R1.4 ends consumed by whoever opened it', async () => {
    const opened = unwrap('w1', 't2', 4_000)
    const { end } = await chain(wrap('w1', 't1', 3_000), [unwrap('w1', 't3', 3_500, { outcome: 'denied' }), opened])
    expect(end).toMatchObject({ state: 'proven', how: 'consumed', at: 4_000, by: opened.factId })
  })

  it('R1.4 has no end seen where no record opens it', async () => {
    const looked = unwrap('w1', 't2', 4_000, { kind: 'operation' })
    const { end } = await chain(wrap('w1', 't1', 3_000), [looked])
    expect(end).toMatchObject({ state: 'missing', reason: 'no end seen', words: 'no record shows the wrapping opened' })
  })

  it('R1.4 is consumed by its own unwrapping, and by being presented as the caller’s token', async () => {
    expect((await chain(unwrap('w1', 't2', 4_000), [])).end).toMatchObject({ state: 'proven', how: 'consumed' })
    const { callerEnd } = await chain(unwrap('w1', 'w1', 4_000), [wrap('w1', 't1', 3_000)])
    expect(callerEnd).toMatchObject({ state: 'proven', how: 'consumed', at: 4_000 })
  })

  it('R1.4 hands over a token whose own end is told', async () => {
    const { callerEnd } = await chain(read('t5', 5_000), [wrap('w1', 't1', 3_000, 't5'), revoke('t5', 6_000)])
    expect(callerEnd).toMatchObject({ state: 'proven', how: 'revoked' })
  })
})

describe('a secret that was read', () => {
  const asked = readSecret('t1', 1_000, { attributes: { version: 2 } })

  it('R1.1 R1.4 ends with the next write, deletion or destruction, by whoever made it', async () => {
    for (const [kind, how] of [
      ['secret-written', 'rotated'],
      ['secret-deleted', 'deleted'],
      ['secret-destroyed', 'destroyed'],
    ] as const) {
      const change = changeSecret(kind, 2_000, { completedAt: 2_010 })
      expect((await chain(asked, [change, changeSecret('secret-written', 3_000)])).end).toMatchObject({
        state: 'proven',
        how,
        at: 2_010,
        by: change.factId,
      })
    }
  })

  it('R1.4 is not ended by what came before or failed', async () => {
    const given = [changeSecret('secret-written', 1_000), changeSecret('secret-written', 2_000, { outcome: 'denied' })]
    expect((await chain(asked, given)).end).toMatchObject({
      state: 'missing',
      reason: 'no end seen',
      words: 'no record shows the version that was read replaced',
    })
  })

  it('R1.4 is not ended by the write that made what was read, although it came while the vault answered', async () => {
    const slow = { ...asked, completedAt: 1_100 }
    const during = (version?: number): Activity =>
      changeSecret('secret-written', 1_050, { attributes: version === undefined ? {} : { version } })
    expect((await chain(slow, [during(2)])).end.state).toBe('missing')
    expect((await chain(slow, [during(3)])).end).toMatchObject({ state: 'proven', how: 'rotated' })
    expect((await chain(slow, [during()])).end).toMatchObject({ state: 'ambiguous', how: 'rotated' })
    expect((await chain(asked, [during()])).end).toMatchObject({ state: 'proven', how: 'rotated' })
  })

  it('R1.4 is not ended by the end of another version', async () => {
    const other = changeSecret('secret-destroyed', 2_000, { attributes: { versions: [1] } })
    expect((await chain(asked, [other])).end.state).toBe('missing')
    const own = changeSecret('secret-destroyed', 2_000, { attributes: { versions: [1, 2] } })
    expect((await chain(asked, [own])).end).toMatchObject({ state: 'proven', how: 'destroyed' })
    const unsaid = readSecret('t1', 1_000)
    expect((await chain(unsaid, [own])).end).toMatchObject({ state: 'ambiguous', how: 'destroyed' })
    const hidden = changeSecret('secret-deleted', 2_000, { attributes: { versionsHidden: true } })
    expect((await chain(asked, [hidden])).end).toMatchObject({ state: 'ambiguous', how: 'deleted' })
  })

  it('R1.4 goes on where it was deleted and brought back, and ends with what ends it then', async () => {
    const deleted = changeSecret('secret-deleted', 2_000)
    const back = changeSecret('secret-restored', 3_000, { attributes: { versions: [1, 2] } })
    expect((await chain(asked, [deleted, back])).end).toMatchObject({ state: 'missing', reason: 'no end seen' })
    const again = changeSecret('secret-deleted', 4_000, { attributes: { versions: [2] } })
    expect((await chain(asked, [deleted, back, again])).end).toMatchObject({ state: 'proven', at: 4_000 })
    const replaced = changeSecret('secret-written', 4_000)
    expect((await chain(asked, [deleted, back, replaced])).end).toMatchObject({ state: 'proven', how: 'rotated' })
  })

  it('R1.4 stays ended where another version alone was brought back, or it came back before, or what was brought back had been replaced', async () => {
    const deleted = changeSecret('secret-deleted', 2_000)
    const of = (at: number, versions: number[]): Activity =>
      changeSecret('secret-restored', at, { attributes: { versions } })
    for (const one of [of(3_000, [1]), of(1_500, [2]), changeSecret('secret-restored', 3_000, { outcome: 'denied' })])
      expect((await chain(asked, [deleted, one])).end).toMatchObject({ state: 'proven', how: 'deleted', at: 2_000 })
    const replaced = changeSecret('secret-written', 2_000)
    expect((await chain(asked, [replaced, of(3_000, [2])])).end).toMatchObject({ state: 'proven', how: 'rotated' })
  })

  it('R1.4 has perhaps ended where no record tells whether it was brought back, or which came first', async () => {
    const deleted = changeSecret('secret-deleted', 2_000)
    const back = (at: number, more: Partial<Activity> = {}): Activity => changeSecret('secret-restored', at, more)
    const unclear = [
      back(3_000, { attributes: { versionsHidden: true } }),
      back(3_000, { outcome: 'unknown' }),
      mergeAll([back(3_000), back(3_000, { outcome: 'denied' })]),
      back(2_000),
      back(1_990, { completedAt: 2_010 }),
    ]
    for (const one of unclear) {
      const { end } = await chain(asked, [deleted, one])
      expect(end).toMatchObject({ state: 'ambiguous', how: 'deleted', at: 2_000 })
      expect(end.words).toContain('whether it was brought back')
    }
    const planned = changeSecret('secret-destroyed', 2_000, { attributes: { versions: [2] } })
    const end = async (one: Activity) => (await chain(asked, [planned, one])).end
    expect(await end(back(3_000, { attributes: { versions: [2] } }))).toMatchObject({
      state: 'ambiguous',
      how: 'destroyed',
    })
    expect(await end(back(3_000))).toMatchObject({ state: 'proven', how: 'destroyed' })
  })

  it('R1.4 R5.2 ended for certain by a later change, also where an earlier one may have ended it: that is said beside it', async () => {
    const hidden = changeSecret('secret-deleted', 2_000, { attributes: { versionsHidden: true }, positions: [7] })
    const written = changeSecret('secret-written', 3_000, { positions: [8] })
    const given = [hidden, written, changeSecret('secret-written', 4_000)]
    const { end } = await chain(asked, given)
    expect(end).toMatchObject({ state: 'proven', how: 'rotated', at: 3_000, by: written.factId })
    expect(end.words).toBe(
      'rotated at 1970-01-01T00:00:03.000Z at the latest; versions were deleted at 1970-01-01T00:00:02.000Z, and whether the one that was read is among them is not recorded',
    )
    expect(end.evidence).toEqual([...asked.positions, 7, 8])
    const perhapsBack = changeSecret('secret-restored', 2_500, { outcome: 'unknown' })
    expect((await chain(asked, [changeSecret('secret-deleted', 2_000), perhapsBack, written])).end).toMatchObject({ state: 'proven', how: 'rotated', at: 3_000 }) // prettier-ignore
    // As of a time between them no more than that was known, and what is kept of it says so.
    const at = async (validAt?: number) => (await pageOf([asked], given, { asOf: { validAt } })).map(({ end: one }) => [one.state, one.at]) // prettier-ignore
    expect(await Promise.all([2_500, 3_000].map(at))).toEqual([[['ambiguous', 2_000]], [['proven', 3_000]]])
    const index = new MemoryFacts()
    for (const one of [asked, ...given]) index.add(one)
    const [settled] = await walkSettled(index.at({ position: Infinity }), [asked], { ...WALK_DEFAULTS, sources: SOURCES }) // prettier-ignore
    expect(settled?.settledAt).toBe(3_000)
  })

  it('R1.4 R1.9 ends for certain however many changes may have ended it before', async () => {
    const given = Array.from({ length: 60 }, (_, n) => changeSecret('secret-deleted', 100_000 * (n + 1), { attributes: { versionsHidden: true } })) // prettier-ignore
    expect((await chain(asked, [...given, changeSecret('secret-written', 9_000_000)])).end).toMatchObject({ state: 'proven', at: 9_000_000 }) // prettier-ignore
  })

  it('R1.4 R5.2 had ended on a date before it was brought back, however many changes lie in between', async () => {
    const others = Array.from({ length: 9 }, (_, n) => changeSecret('secret-destroyed', 2_100 + n, { attributes: { versions: [1] } })) // prettier-ignore
    const given = [changeSecret('secret-deleted', 2_000), ...others, changeSecret('secret-restored', 3_000)]
    const states = async (validAt?: number) =>
      (await pageOf([asked], given, { asOf: { validAt } })).map(({ end }) => end.state)
    expect(await Promise.all([1_500, 2_500, 3_000, undefined].map(states))).toEqual([['missing'], ['proven'], ['missing'], ['missing']]) // prettier-ignore
    const index = new MemoryFacts()
    for (const one of [asked, ...given]) index.add(one)
    const [settled] = await walkSettled(index.at({ position: Infinity }), [asked], {
      ...WALK_DEFAULTS,
      sources: SOURCES,
    })
    expect(settled?.settledAt).toBe(3_000)
  })

  it('R1.4 R1.9 ends with the change that it ends with alone, however many came before and after, beside others on the page', async () => {
    const written = Array.from({ length: 60 }, (_, n) => changeSecret('secret-written', 100_000 * (n + 1)))
    const others = Array.from({ length: 9 }, (_, n) =>
      changeSecret('secret-destroyed', 2_500_100 + n, { attributes: { versions: [1] } }),
    )
    const given = [...written, ...others]
    const reads = [50_000, 2_450_000, 2_500_050, 5_999_999, 6_000_001].map((at) => ({ ...asked, factId: `vault:read:${at}`, occurredAt: at })) // prettier-ignore
    const ends = (await pageOf(reads, given)).map(({ end }) => end.at)
    expect(ends).toEqual([100_000, 2_500_000, 2_600_000, 6_000_000, undefined])
    for (const [number, one] of reads.entries())
      expect((await pageOf([one], given)).map(({ end }) => end.at)).toEqual([ends[number]])
    const [dated] = await pageOf([reads[1]!], given, { asOf: { validAt: 2_499_999 } })
    expect(dated?.end.at).toBeUndefined()
  })

  it('R1.4 asks for few of the changes that came long after it', async () => {
    const facts = new MemoryFacts()
    for (let n = 1; n <= 500; n++) facts.add(changeSecret('secret-written', 100_000 * n))
    const index = facts.at({ position: Infinity })
    let shown = 0
    const counting = indexWith(index, {
      factsBy: async (lookups, verb) => {
        const found = await index.factsBy(lookups, verb)
        shown += [...found.values()].reduce((sum, { length }) => sum + length, 0)
        return found
      },
    })
    const [found] = await walk(counting, [asked], { ...WALK_DEFAULTS, sources: SOURCES })
    expect(found?.end.at).toBe(100_000)
    expect(shown).toBeLessThan(10)
  })

  it('R1.4 in another place of that name is another secret', async () => {
    const elsewhere = { ...asked, target: { system: 'vault/prod', container: 'kv_2', path: 'payments/stripe' } }
    expect((await chain(elsewhere, [changeSecret('secret-written', 2_000)])).end.state).toBe('missing')
    const unnamed = { ...asked, target: { system: 'vault/prod', path: 'payments/stripe' } }
    expect((await chain(unnamed, [changeSecret('secret-written', 2_000)])).end.words).toBe('no record tells of an end')
  })
})

describe('a session that was opened on a target', () => {
  const opened = key('opened-session', 'establishes', 'system-session', 'x', 'login')
  const asked = fact({ factId: 'vault:open', kind: 'key-used', occurredAt: 1_000, groups: [opened] })
  const over = (outcome: Activity['outcome'], at = 2_000): Activity =>
    fact({
      factId: `vault:over:${at}`,
      kind: 'logout',
      occurredAt: at,
      outcome,
      groups: [key('session', 'ends', 'system-session', 'x')],
    })

  it('R1.1 R1.4 ends when its system says so, and by no attempt that failed', async () => {
    expect((await chain(asked, [over('succeeded')])).end).toMatchObject({ state: 'proven', how: 'ended', at: 2_000 })
    expect((await chain(asked, [over('failed'), over('succeeded', 3_000)])).end).toMatchObject({ at: 3_000 })
    expect((await chain(asked, [over('failed')])).end).toMatchObject({ state: 'missing', reason: 'no end seen' })
  })
})

describe('what was refused', () => {
  it('R1.4 ends nothing: nothing was obtained', async () => {
    const denied = { ...leased, outcome: 'denied' as const }
    expect((await chain(denied, [leaseEnd(ID, 5_000)])).end).toMatchObject({
      state: 'missing',
      words: 'nothing was obtained',
    })
  })

  it('R1.3 has a path and an actor all the same', async () => {
    const given = [signIn('s1', 'ada', 1_000), logIn('t1', 2_000, { session: 's1' })]
    const { path, actor, effect } = await chain({ ...read('t1', 3_000), outcome: 'denied' }, given)
    expect([path.state, actor.state, effect.yielded]).toEqual(['proven', 'proven', 'nothing: denied'])
  })
})

describe('a lease that was only renewed', () => {
  it('R1.4 was obtained elsewhere: the renewal has no end', async () => {
    const renewed = { ...leased, kind: 'lease-renewed' as const }
    expect((await chain(renewed, [leaseEnd(ID, 5_000)])).end.words).toBe('no record tells of an end')
  })
})
