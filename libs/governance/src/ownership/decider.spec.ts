import { isRefusal, makeKey, type Decided } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { stewardship, type StewardshipCommand } from './decider.js'
import type { StewardshipEvent } from './events.js'
import { formerOwnersByRule, ownerOf, ownershipRules, NO_OWNERSHIP_RULES } from './rules.js'
import type { Stewardship } from './state.js'

const credential = 'c'.repeat(32)
const ana = makeKey('person', 'keycloak/acme', 'ana')
const ben = makeKey('person', 'keycloak/acme', 'ben')
const by: Decided = { actor: 'person:keycloak/acme:chief', at: 1000 }

function after(...events: StewardshipEvent[]): Stewardship {
  return events.reduce((state, event) => stewardship.evolve(state, event, by), stewardship.initial)
}
type Without<C> = C extends unknown ? Omit<C, 'credential'> : never
function when(state: Stewardship, command: Without<StewardshipCommand>): unknown {
  const answer = stewardship.decide(state, { credential, ...command }, by)
  return isRefusal(answer) ? answer.refused : answer
}
const owned = (key = ana, name = 'ana'): StewardshipEvent => ({
  type: 'CredentialOwnerAssigned',
  data: { credential, key, name },
})
const attested: StewardshipEvent = { type: 'CredentialOwnershipAttested', data: { credential, owner: ana } }

describe('a credential without owner', () => {
  it('R2.2 gets one', () => {
    expect(when(after(), { do: 'AssignOwner', key: ana, name: 'ana' })).toEqual([owned()])
  })
  it('R2.2 cannot be attested', () => {
    expect(when(after(), { do: 'AttestOwnership', actsFor: [ana], owner: undefined })).toBe('NO_OWNER')
  })
  it('R2.2 is attested by the owner that a rule names', () => {
    expect(when(after(), { do: 'AttestOwnership', actsFor: [ana], owner: ana })).toEqual([attested])
  })
})

describe('an owned credential', () => {
  it('R2.2 has exactly one owner: a second takes the place of the first', () => {
    expect(after(owned(), owned(ben, 'ben')).owner).toMatchObject({ key: ben, name: 'ben', by: by.actor, at: 1000 })
  })
  it('does not change when the same owner is assigned again', () => {
    expect(when(after(owned()), { do: 'AssignOwner', key: ana, name: 'ana' })).toEqual([])
  })
  it('R2.2 is attested by its owner alone', () => {
    expect(when(after(owned()), { do: 'AttestOwnership', actsFor: [ben], owner: ana })).toBe('NOT_THE_OWNER')
    expect(when(after(owned()), { do: 'AttestOwnership', actsFor: [ben, ana], owner: ana })).toEqual([attested])
  })
  it('R2.2 must be attested anew by a new owner', () => {
    expect(after(owned(), attested).attested).toEqual({ owner: ana, at: 1000, by: by.actor })
    expect(after(owned(), attested, owned(ben, 'ben')).attested).toBeUndefined()
  })
})

describe('what is declared of a credential', () => {
  it('R2.8 a credential that no source shows is registered once', () => {
    const registered = when(after(), { do: 'RegisterCredential', system: 'paper/hq', path: 'bank portal' })
    expect(registered).toEqual([
      { type: 'CredentialRegistered', data: { credential, system: 'paper/hq', path: 'bank portal' } },
    ])
    const state = after(...(registered as StewardshipEvent[]))
    expect(when(state, { do: 'RegisterCredential', system: 'paper/hq', path: 'bank portal' })).toBe(
      'ALREADY_REGISTERED',
    )
  })
  it('R2.8 a checkout cannot end before it begins', () => {
    const checkout = { do: 'DeclareCheckout', key: ana, name: 'ana', from: 5 } as const
    expect(when(after(), { ...checkout, to: 4 })).toBe('ENDS_BEFORE_IT_BEGINS')
    expect(when(after(), checkout)).toMatchObject([{ type: 'CredentialCheckoutDeclared', data: { from: 5 } }])
  })
  it('R2.3 a copy is declared, renewed and cleared by its place', () => {
    const copy = { do: 'DeclareCopy', kind: 'ci-variable', place: 'acme/shop STRIPE', version: 1 } as const
    const state = after(...(when(after(), copy) as StewardshipEvent[]))
    expect(when(state, copy)).toEqual([])
    expect(
      after(
        ...(when(after(), copy) as StewardshipEvent[]),
        ...(when(state, { ...copy, version: 2 }) as StewardshipEvent[]),
      ).copies,
    ).toHaveLength(1)
    const clear = { do: 'ClearCopy', kind: 'ci-variable', place: 'acme/shop STRIPE' } as const
    expect(when(after(), clear)).toBe('NO_SUCH_COPY')
    expect(when(state, clear)).toMatchObject([{ type: 'CredentialCopyCleared' }])
  })
  it('R2.1 later facts are added to earlier ones', () => {
    const facts = (more: object): StewardshipEvent => ({
      type: 'CredentialFactsDeclared',
      data: { credential, ...more },
    })
    expect(after(facts({ kind: 'token', purpose: 'billing' }), facts({ purpose: 'refunds' })).declared).toEqual({
      kind: 'token',
      purpose: 'refunds',
    })
    expect(when(after(), { do: 'DeclareFacts', facts: {} })).toBe('NOTHING_DECLARED')
  })
  it('R2.2 custodians and requesters come and go', () => {
    const add = { do: 'AddSteward', key: ben, name: 'ben', role: 'custodian' } as const
    const state = after(...(when(after(), add) as StewardshipEvent[]))
    expect(when(state, add)).toEqual([])
    expect(when(state, { do: 'RemoveSteward', key: ben, role: 'requester' })).toBe('NOT_A_STEWARD')
    expect(when(state, { do: 'RemoveSteward', key: ben, role: 'custodian' })).toMatchObject([
      { type: 'CredentialStewardRemoved' },
    ])
  })
})

describe('rules of ownership', () => {
  const slot = { system: 'vault/prod-1', container: 'secret/', path: 'payments/stripe' }
  const rule = (id: string, path: string, key = ana) => ({ id, path, owner: { key, name: id } })
  const rules = {
    ...NO_OWNERSHIP_RULES,
    version: 3,
    at: 7,
    by: 'chief',
    rules: [rule('all', '**'), rule('payments', 'secret/payments/**', ben)],
  }

  it('R2.2 the most specific rule names the owner, and says which rule it was', () => {
    expect(ownerOf(stewardship.initial, rules, slot)).toEqual({
      key: ben,
      name: 'payments',
      at: 7,
      by: 'chief',
      rule: 'payments',
    })
    expect(ownerOf(stewardship.initial, { ...rules, rules: [] }, slot)).toBeUndefined()
  })
  it('R2.2 who was assigned by name goes before any rule', () => {
    expect(ownerOf(after(owned()), rules, slot)).toMatchObject({ key: ana })
  })
  it('R2.2 whom an earlier list named was the owner until the next list, or until somebody was assigned by name', () => {
    const list = (at: number, ...named: (typeof rules)['rules']) => ({ version: at, at, by: 'chief', rules: named })
    const versions = [list(7, rule('ana', '**')), list(20, rule('ana', '**'), rule('ben', 'secret/payments/**', ben)), list(30)] // prettier-ignore
    const former = (state: Stewardship) => formerOwnersByRule(versions, state, slot)
    expect(former(after())).toEqual([
      { key: ana, name: 'ana', from: 7, to: 20 },
      { key: ben, name: 'ben', from: 20, to: 30 },
    ])
    expect(former({ ...after(), assignedSince: 15 })).toEqual([{ key: ana, name: 'ana', from: 7, to: 15 }])
    expect(former({ ...after(), assignedSince: 5 })).toEqual([])
    expect(formerOwnersByRule(versions.slice(0, 1), after(), slot)).toEqual([])
  })
  it('R2.2 count no more once somebody was assigned by name, whoever is owner after that', () => {
    const state = [owned(), owned(ben, 'ben')].reduce((before, event, index) => stewardship.evolve(before, event, { ...by, at: 1000 + index }), after()) // prettier-ignore
    expect(state).toMatchObject({ owner: { key: ben, at: 1001 }, assignedSince: 1000 })
  })
  it('are published as a whole, with a number', () => {
    expect(ownershipRules.decide(rules, [rule('one', '**')], by)).toMatchObject([{ data: { version: 4 } }])
    expect(ownershipRules.decide(rules, [rule('one', '**'), rule('one', 'a')], by)).toMatchObject({
      refused: 'RULE_TWICE',
    })
  })
})
