import { ROLES, type Decided } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import {
  givableBy,
  TOKEN_LIFE_MAX_MS,
  tokenDecider,
  type IssueToken,
  type TokenEvent,
  type TokenState,
} from './api-token.js'

const by: Decided = { actor: 'person:omar', at: 1_000 }
const asked: IssueToken = {
  type: 'IssueToken', id: 'ab', name: 'SIEM pull', owner: 'person:omar', roles: ['export'], sources: [], expiresAt: 5_000, hash: 'h', givable: ['export'],
} // prettier-ignore
const issued: TokenState = (tokenDecider.decide(tokenDecider.initial, asked, by) as TokenEvent[]).reduce(
  (state, event) => tokenDecider.evolve(state, event, by),
  tokenDecider.initial,
)

describe('a token', () => {
  it('is issued with what was asked, and the ledger holds its hash alone', () => {
    expect(tokenDecider.decide(tokenDecider.initial, asked, by)).toEqual([
      { type: 'ApiTokenIssued', data: { id: 'ab', name: 'SIEM pull', owner: 'person:omar', roles: ['export'], sources: [], expiresAt: 5_000, hash: 'h' } },
    ]) // prettier-ignore
  })

  it.each<[string, Partial<IssueToken>]>([
    ['NAME_MISSING', { name: ' ' }],
    ['ROLE_MISSING', { roles: [] }],
    ['ROLES_SEPARATED', { roles: ['export', 'auditor'] }],
    ['ROLE_NOT_YOURS', { roles: ['auditor'] }],
    ['EXPIRY', { expiresAt: 1_000 }],
    ['EXPIRY', { expiresAt: 1_001 + TOKEN_LIFE_MAX_MS }],
  ])('is refused: %s %j', (refused, change) => {
    expect(tokenDecider.decide(tokenDecider.initial, { ...asked, ...change }, by)).toMatchObject({ refused })
  })

  it('is issued once', () => {
    expect(tokenDecider.decide(issued, asked, by)).toMatchObject({ refused: 'ID_TAKEN' })
  })

  it('is revoked once, and stays so', () => {
    const revoke = { type: 'RevokeToken', reason: 'leaked' } as const
    const [event] = tokenDecider.decide(issued, revoke, by) as TokenEvent[]
    const revoked = tokenDecider.evolve(issued, event!, by)
    expect(revoked).toMatchObject({ status: 'revoked', hash: 'h' })
    expect(tokenDecider.decide(revoked, revoke, by)).toEqual([])
    expect(tokenDecider.decide(tokenDecider.initial, revoke, by)).toMatchObject({ refused: 'NO_SUCH_TOKEN' })
  })
})

describe('what a caller may give to a token', () => {
  it('is for operators no evidence, and for others nothing but their own', () => {
    expect(givableBy(['operator'])).toEqual(['ingest', 'export', 'operator'])
    expect(givableBy(['auditor'])).toEqual(['auditor'])
    expect(givableBy(['reviewer'])).toEqual([])
    expect(givableBy(ROLES)).toHaveLength(5)
  })
})
