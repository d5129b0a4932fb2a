import { makeKey } from '@catena/domain'
import type { SystemSettings } from '@catena/platform'
import { describe, expect, it } from '@jest/globals'
import type { OpenAccess } from './open-access.js'
import { planFor, type Ordered } from './plan.js'

const ANA = makeKey('person', 'keycloak/acme', 'u-1')
const ordered: Ordered = {
  system: 'vault/prod', container: 'secret/', path: 'payments/stripe', accessor: { kind: 'person', name: 'ana', keys: [ANA] },
} // prettier-ignore
const workload: Ordered = { ...ordered, accessor: { kind: 'workload', name: 'acme/deploy', keys: [] } }
const open: OpenAccess = {
  leases: ['database/creds/x/1'],
  tokens: [
    { accessor: 'Acc1', alsoReads: [] },
    { accessor: 'Acc2', alsoReads: ['secret/other'] },
    { accessor: undefined, alsoReads: [] },
  ],
}
const NOTHING: OpenAccess = { leases: [], tokens: [] }
const url = new URL('https://example.org')
const vault = (more: Partial<Extract<SystemSettings, { kind: 'vault' }>> = {}): SystemSettings => ({
  id: 'v', kind: 'vault', url, actsOn: 'vault/prod', tokenFile: '/t', namespace: undefined, gives: [], allow: ['revoke-lease', 'revoke-accessor'], ...more,
}) // prettier-ignore
const keycloak = (gives: SystemSettings['gives'], allow: SystemSettings['allow'] = ['remove-from-group', 'disable-client']): SystemSettings => ({
  id: 'k', kind: 'keycloak', url, scope: 'acme', realm: 'acme', clientId: 'c', clientSecretFile: '/s', gives, allow,
}) // prettier-ignore
const gives = { system: 'vault/prod', path: 'secret/payments/**' }

describe('the plan for a revoke', () => {
  it('R6.5 ends what is open where that was allowed, says what else ends with it, and that the right itself stands', () => {
    const plan = planFor(ordered, open, [vault()])
    expect(plan.steps.map(({ action, touches }) => [action.do, touches])).toEqual([
      ['revoke-lease', []],
      ['revoke-accessor', []],
      ['revoke-accessor', ['its token also reads secret/other']],
    ])
    expect(plan.endsTheRight).toBe(false)
    expect(plan.shortfalls).toEqual([
      'revoke a token of which only hashes are on record',
      'the right of ana to obtain secret/payments/stripe stands until somebody takes it away',
    ])
  })

  it('does nothing that was not allowed, nor at a system whose credential it is not', () => {
    expect(planFor(ordered, open, [vault({ allow: [] })]).steps).toEqual([])
    expect(planFor(ordered, open, [vault({ actsOn: 'vault/test' })]).steps).toEqual([])
    expect(planFor(ordered, open, [vault({ allow: ['revoke-lease'] })]).shortfalls).toContain(
      'revoke the token with accessor Acc1',
    )
  })

  it('takes a person out of the group that gives the access, by the id that the records have', () => {
    const plan = planFor(ordered, NOTHING, [keycloak([{ ...gives, group: 'payments' }])])
    expect(plan).toEqual({
      steps: [{ carrier: 'k', action: { do: 'remove-from-group', user: 'u-1', group: 'payments' }, touches: [] }],
      endsTheRight: true,
      shortfalls: [],
    })
  })

  it('names what else the group gives', () => {
    const more = [{ ...gives, group: 'payments' }, { system: 'vault/prod', path: 'secret/ledger/*', group: 'payments' }] // prettier-ignore
    expect(planFor(ordered, NOTHING, [keycloak(more)]).steps[0]?.touches).toEqual(['ana also loses secret/ledger/*'])
  })

  it('never guesses whose user an unknown, shared or foreign accessor is', () => {
    for (const accessor of [
      { kind: 'unknown', name: 'nobody known', keys: [] },
      { kind: 'shared', name: 'root', keys: [] },
      { kind: 'ambiguous', name: 'one of a, b', keys: [ANA] },
      { kind: 'person', name: 'ana', keys: [makeKey('person', 'keycloak/other', 'u-1')] },
    ])
      expect(planFor({ ...ordered, accessor }, NOTHING, [keycloak([{ ...gives, group: 'payments' }])]).steps).toEqual(
        [],
      )
  })

  it('shuts a workload out by its client, role or secret, which always touches others', () => {
    const github: SystemSettings = {
      id: 'g', kind: 'github', url, tokenFile: '/t', allow: ['delete-secret'], gives: [{ ...gives, repository: 'acme/deploy', secret: 'KEY' }],
    } // prettier-ignore
    const role = vault({ allow: ['delete-role'], gives: [{ ...gives, role: 'auth/jwt/role/deploy' }] })
    for (const system of [github, role, keycloak([{ ...gives, client: 'deploy' }])]) {
      const { steps, endsTheRight } = planFor(workload, NOTHING, [system])
      expect([steps.length, steps[0]?.touches.length, endsTheRight]).toEqual([1, 1, true])
    }
    expect(planFor(workload, NOTHING, [keycloak([{ ...gives, accessor: 'acme/other', client: 'deploy' }])]).steps).toEqual([]) // prettier-ignore
  })
})
