import type { Activity } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { changeSecret, lease, leaseEnd, named, revoke, SLOT, unwrap, wrap } from './testing/facts.js'
import { WALK_DEFAULTS } from './evidence.js'
import { MemoryFacts } from './memory-fact-index.js'
import { chain, create, fact, key, logIn, SOURCES } from './testing/given.js'
import { walk } from './walk.js'

const DB = SLOT
const NAME = `${SLOT.containerName ?? ''}${SLOT.path}`
const wrapped = (wrapping: string, at = 1_000, target = DB): Activity => ({
  ...wrap(wrapping, 't1', at),
  target,
  positions: [7],
})

/** Puts what is in one wrapping into another. */
function rewrap(from: string, to: string, at: number): Activity {
  const groups = [key('caller', 'presents', 'vault-token', from), key('wrapping', 'establishes', 'vault-token', to, 'handover')]
  return fact({ factId: `vault:rewrap:${from}:${to}`, kind: 'operation', occurredAt: at, groups, attributes: { rewrapped: true } })
} // prettier-ignore

describe('an unwrapping', () => {
  it('R1.1 R1.4 is of the credential that was wrapped, proven by the record of both, whoever carried the wrapping', async () => {
    for (const opened of [unwrap('w1', 'w1', 5_000), unwrap('w1', 't2', 5_000)]) {
      const { fact: told, content, effect } = await chain({ ...opened, positions: [9] }, [wrapped('w1'), logIn('t2', 500, {})]) // prettier-ignore
      expect(told.target).toEqual(DB)
      expect(content).toMatchObject({ state: 'proven', targets: [DB], facts: ['vault:wrap:w1'], evidence: [7, 9] })
      expect(effect).toMatchObject({ state: 'proven', yielded: 'the secret, which had been wrapped' })
    }
  })

  it('R1.4 by whoever carries the wrapping says who gave it, and not who holds it', async () => {
    const { actor, path } = await chain(unwrap('w1', 'w1', 5_000), [wrapped('w1'), logIn('t1', 500, { session: 's' })])
    expect(actor).toMatchObject({ kind: 'missing', reason: 'bearer handed over' })
    expect(path.links[0]).toMatchObject({ by: 'handover' })
  })

  it('R1.1 that failed tells what somebody tried to obtain', async () => {
    const second = unwrap('w1', 'w1', 9_000, { outcome: 'denied', attributes: { refusedAsDead: true } })
    const { fact: told, findings, effect } = await chain(second, [wrapped('w1'), unwrap('w1', 'w1', 5_000)])
    expect(told.target).toEqual(DB)
    expect(findings.map(({ kind }) => kind)).toContain('failed unwrap')
    expect(effect).toMatchObject({ yielded: 'nothing: denied' })
  })

  it('R1.4 is of what may be one of two where two requests made its wrapping', async () => {
    const other = { ...wrapped('w1', 1_100, { ...DB, path: 'zz' }), factId: 'vault:wrap:other' }
    const { content, effect, end } = await chain(unwrap('w1', 'w1', 5_000), [wrapped('w1'), other])
    expect(content).toMatchObject({ state: 'ambiguous', targets: [DB, { path: 'zz' }] })
    expect([effect.state, end.state]).toEqual(['ambiguous', 'ambiguous'])
    expect(effect.yielded).toBe(`the content of a wrapped response: ${NAME} or ${DB.containerName ?? ''}zz`)
  })

  it('R1.4 is of nothing known where no record tells what was wrapped, and of no credential where a token was', async () => {
    const unknown = await chain(unwrap('w1', 't2', 5_000), [logIn('t2', 500, {})])
    expect([unknown.content, unknown.fact.target]).toEqual([undefined, undefined])
    const ofToken = await chain(unwrap('w2', 't2', 5_000), [wrap('w2', 't1', 1_000, 't9')])
    expect([ofToken.content, ofToken.fact.target]).toEqual([undefined, undefined])
    expect(ofToken.end).toMatchObject({ how: 'consumed' })
  })

  it('R1.4 is joined by any names that records show to be of one wrapping', async () => {
    const group = named(key('wrapping', 'establishes', 'vault-token', 'clear', 'handover'), 'hmac-sha256:a')
    const [caller] = wrap('x', 't1', 1_000).groups
    const made = { ...wrapped('w1'), groups: [caller!, group] }
    const shows = fact({
      factId: 'vault:shows',
      kind: 'operation',
      occurredAt: 2_000,
      groups: [named(key('caller', 'presents', 'vault-token', 'hmac-sha256:a'), 'hmac-sha256:b')],
    })
    expect((await chain(unwrap('hmac-sha256:b', 't2', 5_000), [made])).content).toBeUndefined()
    expect((await chain(unwrap('hmac-sha256:b', 't2', 5_000), [made, shows])).content).toMatchObject({
      state: 'proven',
    })
  })

  it('R1.1 R1.4 of what was put from one wrapping into another is of what the first held', async () => {
    const given = [wrapped('w1'), rewrap('w1', 'w2', 2_000), rewrap('w2', 'w3', 3_000)]
    const { content, fact: told } = await chain(unwrap('w3', 't2', 5_000), given)
    expect([told.target, content?.state]).toEqual([DB, 'proven'])
    // What made its first wrapping is not known any more.
    expect((await chain(unwrap('w3', 't2', 5_000), given.slice(1))).content).toBeUndefined()
  })

  it('R1.4 goes round no circle of wrappings', async () => {
    const { content } = await chain(unwrap('w2', 't2', 5_000), [rewrap('w1', 'w2', 2_000), rewrap('w2', 'w1', 3_000)])
    expect(content).toBeUndefined()
  })

  it('R1.4 obtained what ends when the slot gets another content, be it before it was opened', async () => {
    const opened = unwrap('w1', 't2', 5_000)
    expect((await chain(opened, [wrapped('w1')])).end).toMatchObject({ state: 'missing', reason: 'no end seen' })
    for (const at of [3_000, 8_000]) {
      const { end } = await chain(opened, [wrapped('w1'), changeSecret('secret-written', at)])
      expect(end).toMatchObject({ state: 'proven', how: 'rotated', at })
    }
  })

  it('R1.4 obtained a lease that ends by itself, or with the token that had it wrapped', async () => {
    const id = 'db/creds/app/L1'
    const asked = { ...wrapped('w1'), kind: 'lease-issued' as const, target: { ...DB, path: 'creds/app' } }
    const own = lease(id, 't2', 5_000).groups.filter(({ role }) => role === 'lease')
    const opened = unwrap('w1', 't2', 5_000)
    const taken = { ...opened, groups: [...opened.groups, ...own] }
    const revoked = await chain(taken, [asked, leaseEnd(id, 9_000, 'lease-revoked')])
    expect(revoked.effect.yielded).toBe(`lease ${id}, which had been wrapped`)
    expect(revoked.end).toMatchObject({ state: 'proven', how: 'revoked', at: 9_000 })
    // Where only the request shows the lease, it is that of the unwrapping all the same.
    const known = { ...asked, groups: [...asked.groups, ...own] }
    const { end, fact: told } = await chain(opened, [known, leaseEnd(id, 9_000, 'lease-revoked')])
    expect(end).toMatchObject({ state: 'proven', how: 'revoked', at: 9_000 })
    expect(told.groups.map(({ role }) => role)).toContain('lease')
    const before = [asked, create('t1', 't0', 500), revoke('t1', 6_000)]
    expect((await chain(taken, [...before, leaseEnd(id, 20_000, 'lease-revoked')])).end).toMatchObject({ state: 'ambiguous' }) // prettier-ignore
  })
})

describe('an unwrapping of what many requests say they had made', () => {
  const many = (count: number, path = (n: number) => `p${n}`): Activity[] =>
    Array.from({ length: count }, (_, n) => ({
      ...wrapped('w1', 1_000 + n, { ...DB, path: path(n) }),
      factId: `vault:wrap:${String(n).padStart(5, '0')}`,
      positions: [10_000 - n],
    }))

  it('R1.4 R7.1 is perhaps of one of those that were known first, whatever order they come in, and says that there are more', async () => {
    const all = many(300)
    for (const given of [all, all.toReversed()]) {
      const { content, effect, end, sideways } = await chain(unwrap('w1', 't2', 5_000), given)
      expect(content).toMatchObject({ state: 'ambiguous', isCut: true })
      expect(content?.targets.map(({ path }) => path)).toEqual(all.slice(-16).map(({ target }) => target!.path))
      expect([effect.state, end.state]).toEqual(['ambiguous', 'ambiguous'])
      expect(effect.yielded).toMatch(/ or p299 or another$/)
      expect(sideways.map(({ role, state }) => [role, state])).toEqual(Array.from({ length: 16 }, () => ['giver', 'ambiguous'])) // prettier-ignore
    }
  })

  it('R1.4 R7.1 came, where whoever carried the wrapping opened it, through more than are listed, and from nobody who is known', async () => {
    const { path, actor } = await chain(unwrap('w1', 'w1', 5_000), [...many(300), logIn('t1', 500, { session: 's' })])
    expect(path.links[0]).toMatchObject({
      state: 'ambiguous',
      words: 'more than 16 requests claim to have made the token',
    })
    expect(path.links[0]?.to.length).toBe(16)
    expect(actor).toMatchObject({ kind: 'missing' })
  })

  it('R7.1 is soon walked with hundreds of its like, whoever opened it', async () => {
    for (const caller of ['w1', 't2']) {
      const opened = Array.from({ length: 200 }, (_, n) => ({ ...unwrap('w1', caller, 5_000 + n), positions: [20_000 + n] }))
      const memory = new MemoryFacts()
      for (const one of [...many(3_000), ...opened]) memory.add(one)
      const begun = Date.now()
      const chains = await walk(memory.at({ position: 30_000 }), opened, { ...WALK_DEFAULTS, sources: SOURCES })
      expect([chains.length, Date.now() - begun < 10_000]).toEqual([200, true])
    }
  }) // prettier-ignore

  it('R1.4 is proven of no credential, though all that are looked at tell of the same', async () => {
    const { content } = await chain(
      unwrap('w1', 't2', 5_000),
      many(17, (n) => (n === 0 ? 'other' : 'same')),
    )
    expect(content).toMatchObject({ state: 'ambiguous', targets: [{ path: 'same' }], isCut: true })
    const { content: whole } = await chain(
      unwrap('w1', 't2', 5_000),
      many(16, () => 'same'),
    )
    expect([whole?.state, whole?.isCut]).toEqual(['proven', undefined])
  })

  it('R1.4 R7.1 follows each rewrapping once, though every wrapping was made by many', async () => {
    const tower = (width: number): Activity[] =>
      Array.from({ length: 10 }, (_, level) =>
        Array.from({ length: width }, (__, n) => ({ ...rewrap(`w${level}`, `w${level + 1}`, 2_000 + level), factId: `vault:rewrap:${level}:${n}` })),
      ).flat() // prettier-ignore
    const begun = Date.now()
    const { content } = await chain(unwrap('w10', 't2', 5_000), [wrapped('w0'), ...tower(10)])
    expect(content).toMatchObject({ state: 'ambiguous', targets: [], isCut: true })
    expect(Date.now() - begun).toBeLessThan(5_000)
  })

  it('R1.4 is proven of no credential where another request put into its wrapping what nobody knows', async () => {
    const given = [wrapped('w2'), rewrap('w1', 'w2', 2_000)]
    expect((await chain(unwrap('w2', 't2', 5_000), given)).content).toMatchObject({ state: 'ambiguous', targets: [DB] })
    const known = [...given, { ...wrapped('w1'), factId: 'vault:wrap:first' }]
    expect((await chain(unwrap('w2', 't2', 5_000), known)).content).toMatchObject({ state: 'proven', targets: [DB] })
  })
})

describe('a request that was answered wrapped', () => {
  it('R1.4 is used up by whoever opens the wrapping, or puts its content into another', async () => {
    expect((await chain(wrapped('w1'), [unwrap('w1', 't2', 5_000)])).end).toMatchObject({ how: 'consumed', at: 5_000 })
    expect((await chain(wrapped('w1'), [rewrap('w1', 'w2', 4_000)])).end).toMatchObject({ how: 'consumed', at: 4_000 })
  })
})
