import { describe, expect, it } from '@jest/globals'
import { callerOfClaims, NoRoles } from './claims.js'

const provider = { personScope: 'keycloak/acme', rolesClaim: 'realm_access.roles', rolesWithin: new Map(), roles: new Map([['aud', ['auditor']], ['ops', ['operator']], ['rev', ['reviewer', 'credential-owner']]]) as never } // prettier-ignore
const caller = (claims: object) => callerOfClaims({ sub: 'u1', ...claims }, provider, true)

describe('the claims of a person', () => {
  it('give the roles that are configured for them, and no others', () => {
    expect(caller({ realm_access: { roles: ['aud', 'rev', 'root', 'auditor', '__proto__'] } }).roles).toEqual([
      'auditor',
      'reviewer',
      'credential-owner',
    ])
    expect(caller({ realm_access: { roles: 'aud' } }).roles).toEqual(['auditor'])
    expect(caller({ roles: ['aud'] }).roles).toEqual([])
    expect(caller({ realm_access: null }).roles).toEqual([])
  })

  it('give a role for some vaults beside the others, never among them, and separate duties count all', () => {
    const rolesWithin = new Map([['aud-pay', [{ role: 'auditor' as const, vaults: ['payments'] }]]])
    const scoped = (...roles: string[]) =>
      callerOfClaims({ sub: 'u1', realm_access: { roles } }, { ...provider, rolesWithin }, true)
    expect(scoped('aud-pay', 'rev')).toMatchObject({ roles: ['reviewer', 'credential-owner'], within: [{ role: 'auditor', vaults: ['payments'] }] }) // prettier-ignore
    expect(scoped('aud-pay').roles).toEqual([])
    expect(() => scoped('aud-pay', 'ops')).toThrow(NoRoles)
  })

  it('give the keys by which records know the same person; an address only where it was verified', () => {
    const claims = { email: 'a@acme.example', preferred_username: 'ali', name: 'Ali' }
    expect(caller(claims)).toMatchObject({
      id: 'person:keycloak/acme:u1',
      name: 'Ali',
      keys: ['person:keycloak/acme:u1', 'person-name:keycloak/acme:ali'],
    })
    expect(caller({ ...claims, email_verified: true }).keys).toContain('person-email:keycloak/acme:a@acme.example')
    expect(caller({ ...claims, email_verified: 'true' }).keys).not.toContain(
      'person-email:keycloak/acme:a@acme.example',
    )
  })

  it('that give separate duties together give nothing, unless a deployment wants it so', () => {
    const claims = { realm_access: { roles: ['aud', 'ops'] } }
    expect(() => caller(claims)).toThrow(NoRoles)
    expect(callerOfClaims({ sub: 'u1', ...claims }, provider, false).roles).toEqual(['auditor', 'operator'])
    expect(() => callerOfClaims({ ...claims }, provider, false)).toThrow(NoRoles)
  })
})
