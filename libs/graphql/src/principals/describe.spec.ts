import { makeKey, type Activity, type Attributes, type Key } from '@catena/domain'
import { cutAt } from '@catena/ledger'
import { describe, expect, it } from '@jest/globals'
import { aliasesOf, nameOf, registeredAs, stateOf } from './describe.js'

const asOf = { position: 100, cut: cutAt(100), validAt: undefined }
const PERSON = makeKey('person', 'keycloak/acme', '1')
const name = (value: string): Key => makeKey('person-name', 'keycloak/acme', value)

function description(position: number, keys: readonly Key[], attributes: Attributes = {}): Activity {
  return {
    factId: `f${position}`,
    source: 'keycloak',
    kind: 'person-observed',
    type: 'UPDATE',
    occurredAt: position * 1000,
    resolutionMs: 0,
    outcome: 'succeeded',
    groups: keys.map((key) => ({ role: key, verb: 'describes', trust: 'verified', forms: [{ key, position }] })),
    attributes,
    conflicts: [],
    positions: [position],
  }
}

describe('a person whose login name changed', () => {
  const facts = [
    description(1, [PERSON, name('ann')], { username: 'ann', created: true, enabled: true }),
    description(2, [PERSON, name('anna')], { username: 'anna' }),
    description(3, [PERSON], { deleted: true }),
  ]

  it('has each name for its time, with the records that tell', () => {
    const [person, ann, anna] = aliasesOf(asOf, PERSON, facts)
    expect(person).toMatchObject({ key: PERSON, validFrom: 1000, validTo: 3000, positions: [1, 2, 3] })
    expect(ann).toMatchObject({ value: 'ann', kind: 'login name', validFrom: 1000, validTo: 2000, positions: [1] })
    expect(anna).toMatchObject({ value: 'anna', validFrom: 2000, validTo: 3000, positions: [2] })
    expect(nameOf(PERSON, facts)).toBe('anna')
  })

  it('R1.10 is not yet deleted before the deletion', () => {
    expect(stateOf(asOf, facts)).toEqual({ enabled: true, deleted: true })
    expect(stateOf({ ...asOf, validAt: 2500 }, facts.slice(0, 2))).toEqual({ enabled: true, deleted: false })
  })
})

describe('a person of whom only a snapshot tells', () => {
  const snapshot = description(9, [PERSON, name('bo')], { snapshot: true, username: 'bo', enabled: true })

  it('has names without bounds', () => {
    expect(aliasesOf(asOf, PERSON, [snapshot])[1]).toMatchObject({ value: 'bo', validFrom: null, validTo: null })
    expect(stateOf(asOf, [snapshot])).toEqual({ enabled: true, deleted: false })
  })

  it('is not taken for enabled from a snapshot where a later change speaks of it', () => {
    const disabled = description(10, [PERSON], { enabled: false })
    expect(stateOf(asOf, [snapshot, disabled]).enabled).toBe(false)
    expect(stateOf({ ...asOf, validAt: 5000 }, [snapshot, disabled]).enabled).toBeNull()
  })
})

describe('somebody whom no directory describes', () => {
  it('is called by the id, and nothing is said of the account', () => {
    expect(nameOf(PERSON, [])).toBe('1')
    expect(stateOf(asOf, [])).toEqual({ enabled: null, deleted: null })
    expect(aliasesOf(asOf, PERSON, [])).toHaveLength(1)
  })
})

describe('an agent that its owner registered', () => {
  const AGENT = makeKey('agent', 'cloudevents/agents', 'a1')
  const sponsoredBy = (position: number, person: string, mode: string): Activity => {
    const entry = description(position, [AGENT], { agentName: 'writer', sponsor: person, mode })
    const forms = [{ key: makeKey('person', 'keycloak/acme', person), position }]
    const sponsor = { role: 'sponsor', verb: 'presents', trust: 'verified', sideways: true, forms } as const
    return { ...entry, kind: 'agent-observed', groups: [...entry.groups, sponsor] }
  }
  const facts = [sponsoredBy(1, 'ann', 'attended'), sponsoredBy(2, 'bea', 'autonomous')]

  it('R1.7 R9.1 has the sponsor and the mode that were registered last', () => {
    expect(nameOf(AGENT, facts)).toBe('writer')
    expect(registeredAs(asOf, facts)).toMatchObject({ sponsor: { kind: 'person', name: 'bea' }, mode: 'autonomous' })
  })

  it('R1.10 has those that held at a time', () => {
    expect(registeredAs({ ...asOf, validAt: 1_500 }, facts)).toMatchObject({
      sponsor: { name: 'ann' },
      mode: 'attended',
    })
  })

  it('R2.2 has none where nobody was named', () => {
    expect(registeredAs(asOf, [description(1, [AGENT])])).toEqual({ sponsor: null, mode: null })
  })
})
