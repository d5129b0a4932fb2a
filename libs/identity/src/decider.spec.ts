import { fold, isRefusal, makeKey } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { identity, type AliasState, type IdentityCommand, type IdentityEvent } from './decider.js'

const ACCOUNT = makeKey('vault-account', 'prod', 'auth_userpass_1/sam')
const SAM = makeKey('person', 'keycloak/acme', 'sam')
const EVE = makeKey('person', 'keycloak/acme', 'eve')
const BY = { actor: 'person:keycloak/acme:sec', at: 1_000 }
const pair = { alias: ACCOUNT, principal: SAM, reason: 'ticket 7: Sam owns it', ownKeys: [] }
const accept = (more: object = {}): IdentityCommand => ({
  do: 'AcceptJoin',
  ...pair,
  isShared: false,
  ...more,
})

const END: IdentityCommand = { do: 'EndJoin', ...pair, to: 7 }

const given = (...commands: IdentityCommand[]): AliasState =>
  commands.reduce<AliasState>((state, command) => {
    const answer = identity.decide(state, command, BY)
    if (isRefusal(answer)) throw new Error(answer.refused)
    return answer.reduce((reached, event) => identity.evolve(reached, event, BY), state)
  }, identity.initial)
const when = (state: AliasState, command: IdentityCommand): string | readonly IdentityEvent['type'][] => {
  const answer = identity.decide(state, command, BY)
  return isRefusal(answer) ? answer.refused : answer.map(({ type }) => type)
}

describe('an alias of which nothing was decided', () => {
  const open = given()

  it('R1.6 is joined to a person, with who decided and why', () => {
    expect(when(open, accept())).toEqual(['AliasJoined'])
    expect(given(accept()).joins).toEqual([{ principal: SAM, by: BY.actor }])
  })

  it.each([
    ['NO_REASON', accept({ reason: ' ' })],
    ['NOT_A_PERSON', accept({ principal: ACCOUNT })],
    ['NOT_AN_ALIAS', accept({ alias: makeKey('vault-token', 'prod', 'x') })],
    ['NOT_AN_ALIAS', accept({ alias: makeKey('repository', 'github/github.com', '7') })],
    ['SHARED_IDENTITY', accept({ isShared: true })],
    ['OWN_IDENTITY', accept({ ownKeys: [SAM] })],
    ['ENDS_BEFORE_IT_BEGINS', accept({ from: 5, to: 5 })],
    ['NOT_JOINED', END],
  ])('R1.6 refuses with %s', (code, command) => {
    expect(when(open, command)).toBe(code)
  })
})

describe('an alias that is joined', () => {
  const joined = given(accept({ from: 100, to: 200 }))

  it('is not joined again by the same decision', () => {
    expect(when(joined, accept({ from: 100, to: 200 }))).toEqual([])
  })

  it('R1.6 is not joined to another at the same time, and may be at another', () => {
    expect(when(joined, accept({ principal: EVE, from: 150 }))).toBe('JOINED_TO_ANOTHER')
    expect(when(joined, accept({ principal: EVE, from: 200 }))).toEqual(['AliasJoined'])
  })

  it('R6.4 ends at a time, and the decision before is kept', () => {
    const ended = given(accept(), { do: 'EndJoin', ...pair, to: 150 })
    expect(ended.joins).toEqual([{ principal: SAM, to: 150, by: BY.actor }])
    expect(when(ended, accept({ principal: EVE, from: 150 }))).toEqual(['AliasJoined'])
  })
})

describe('whoever decides about their own names', () => {
  const joined = given(accept())
  const commands: readonly [string, AliasState, IdentityCommand][] = [
    ['joins none', given(), accept()],
    ['rejects none', given(), { do: 'RejectJoin', ...pair }],
    ['ends no join', joined, END],
  ]

  it.each(commands)('R1.6 R6.2 %s, by the person or by the account, over all keys', (_, state, command) => {
    for (const key of [SAM, ACCOUNT]) expect(when(state, { ...command, ownKeys: [EVE, key] })).toBe('OWN_IDENTITY')
    expect(when(state, { ...command, ownKeys: [EVE] })).not.toBe('OWN_IDENTITY')
    expect(identity.decide(state, command, { actor: SAM, at: 1_000 })).toMatchObject({ refused: 'OWN_IDENTITY' })
  })
})

describe('a pair that was rejected', () => {
  it('is rejected once, and may still be joined later', () => {
    const rejected = given({ do: 'RejectJoin', ...pair })
    expect(when(rejected, { do: 'RejectJoin', ...pair })).toEqual([])
    expect(given({ do: 'RejectJoin', ...pair }, accept()).rejected).toEqual([])
  })
})

it('folds what happened and never refuses it', () => {
  const event = { type: 'AliasJoinEnded', data: { alias: ACCOUNT, principal: EVE, reason: 'x', to: 3 } } as const
  expect(fold(identity, [{ event, by: BY }])).toEqual(identity.initial)
})
