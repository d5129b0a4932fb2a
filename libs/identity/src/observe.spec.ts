import type { ActorAspect, Chain, Principal } from '@catena/access-chain'
import { makeKey, type Attributes } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { observeIdentities } from './observe.js'

const person = (name: string): Principal => ({ key: makeKey('person', 'keycloak/acme', name), kind: 'person', name })
const attributed = (principal: Principal, more: object = {}): ActorAspect => ({
  kind: 'attributed',
  state: 'proven',
  principal,
  caveats: [],
  evidence: [],
  ...more,
})
const shared = (name: string): ActorAspect => ({
  kind: 'missing',
  state: 'missing',
  reason: 'shared identity',
  shared: name,
  caveats: [],
  evidence: [],
})
const handedOver = (authority: Principal): ActorAspect => ({
  kind: 'missing',
  state: 'missing',
  reason: 'bearer handed over',
  authority,
  caveats: [],
  evidence: [],
})

let last = 0
/** One retrieval, a minute after the one before. */
function used(actor: ActorAspect, attributes: Attributes = {}, more: Partial<Chain> = {}): Chain {
  last += 1
  const nothing = { state: 'missing' as const, evidence: [] }
  return {
    fact: {
      factId: `f${last}`,
      source: 'vault',
      kind: 'secret-read',
      type: 'read',
      occurredAt: last * 60_000,
      resolutionMs: 0,
      outcome: 'succeeded',
      groups: [],
      attributes,
      conflicts: [],
      positions: [last],
    },
    path: { state: 'proven', candidates: [], caveats: [], links: [] },
    logins: [],
    actor,
    identity: { system: 'vault', entityId: 'e1' },
    right: { ...nothing, policies: [], approvals: [] },
    effect: nothing,
    end: { ...nothing, words: '' },
    sideways: [],
    findings: [],
    ...more,
  }
}
const kinds = (chains: readonly Chain[]) =>
  observeIdentities(chains).map(({ kind, state, retrievals }) => [kind, state, retrievals])

describe('an account', () => {
  it('R1.6 behind which two people act is a collision, proven only where both are', () => {
    const proven = [used(attributed(person('ann'))), used(attributed(person('bo')))]
    expect(kinds(proven)).toEqual([['several people behind one account', 'proven', 2]])
    const [found] = observeIdentities(proven)
    expect(found?.words).toBe('2 people acted behind it: ann, bo')
    expect(found?.principals).toEqual([person('ann').key, person('bo').key])
    const inferred = [used(attributed(person('ann'))), used(attributed(person('bo'), { state: 'inferred' }))]
    expect(kinds(inferred)[0]?.[1]).toBe('inferred')
  })

  it('R1.6 of one person is none, however often it is used', () => {
    expect(observeIdentities([used(attributed(person('ann'))), used(attributed(person('ann')))])).toEqual([])
  })
})

describe('a shared identity', () => {
  it('R1.6 used from several addresses is a fleet', () => {
    const from = (address: string) => used(shared('approle:fleet'), { address }, { identity: { system: 'vault' } })
    expect(kinds([from('10.0.0.1'), from('10.0.0.2'), from('10.0.0.2')])).toEqual([
      ['one identity shared by a fleet', 'proven', 3],
    ])
    expect(observeIdentities([from('10.0.0.1'), from('10.0.0.1')])).toEqual([])
  })

  it('R1.6 used from the place and by the program of a person within the hour is human use, inferred', () => {
    const hand = { address: '10.0.0.9', userAgent: 'vault-cli' }
    const near = [
      used(attributed(person('ann')), hand),
      used(shared('approle:fleet'), hand, { identity: { system: 'vault' } }),
    ]
    expect(kinds(near)).toEqual([['human use of a workload identity', 'inferred', 1]])
    const elsewhere = used(shared('approle:fleet'), { ...hand, userAgent: 'agent' }, { identity: { system: 'vault' } })
    expect(observeIdentities([near[0] as Chain, elsewhere])).toEqual([])
    const later = used(shared('approle:fleet'), hand, { identity: { system: 'vault' } })
    const late = { ...later, fact: { ...later.fact, occurredAt: later.fact.occurredAt + 2 * 3_600_000 } }
    expect(observeIdentities([near[0] as Chain, late])).toEqual([])
  })
})

describe("a person's authority", () => {
  it('R1.6 in other hands is borrowed: handed on, or used after its session', () => {
    const chains = [
      used(handedOver(person('ann'))),
      used(attributed(person('ann'), { state: 'inferred', caveats: ['custody: session ended'] })),
    ]
    const [found] = observeIdentities(chains)
    expect(found).toMatchObject({ kind: 'borrowed identity', state: 'inferred', retrievals: 2 })
    expect(found?.words).toBe('in the name of ann: bearer handed over, custody: session ended')
  })
})

describe('an agent', () => {
  const agent = { key: makeKey('agent', 'acme', 'builder'), kind: 'agent', name: 'builder' } as const

  it('R9.1 without a sponsor on record is observed, and one with a sponsor is not', () => {
    expect(kinds([used(attributed(agent))])).toEqual([['agent without a sponsor', 'proven', 1]])
    expect(observeIdentities([used(attributed({ ...agent, sponsor: person('ann') }))])).toEqual([])
  })

  it('R9.1 that acts on its own under a human account is observed', () => {
    const findings = [{ kind: 'human account used autonomously' as const, words: '', evidence: [] }]
    expect(kinds([used(attributed(person('ann')), {}, { findings })])).toEqual([
      ['human account used autonomously', 'proven', 1],
    ])
  })
})

it('R1.9 gives the same observations for the same chains in any order', () => {
  const hand = { address: '10.0.0.9', userAgent: 'vault-cli' }
  const chains = [
    used(attributed(person('ann')), hand),
    used(attributed(person('bo'))),
    used(shared('approle:fleet'), hand),
    used(shared('approle:fleet'), { address: '10.0.0.7' }),
    used(handedOver(person('bo'))),
  ]
  const expected = observeIdentities(chains)
  fc.assert(
    fc.property(fc.shuffledSubarray(chains, { minLength: chains.length }), (shuffled) => {
      expect(observeIdentities(shuffled)).toEqual(expected)
    }),
  )
})
