import type { ProviderSettings } from '@catena/platform'
import type { TestKeycloak } from '@catena/testing'
import { SECRET_VARIABLE } from './signed-in-api.js'

export const REALM = 'acme'
export const AUDIENCE = 'https://catena.test/api'
export const CLIENT_SECRET = 'client-secret-of-this-test'
export const PASSWORD = 'password-of-this-test'

/** Of each person what they may do, by group and by realm role. */
const PEOPLE = { alice: { groups: ['audit'] }, oskar: { groups: ['ops'] }, both: { groups: ['audit', 'ops'] }, nora: { groups: [] } } as const // prettier-ignore
export type Person = keyof typeof PEOPLE

const claim = (mapper: string, config: Record<string, string>) => ({
  name: mapper,
  protocol: 'openid-connect',
  protocolMapper: mapper,
  config: { 'id.token.claim': 'true', 'access.token.claim': 'true', ...config },
})
const GROUPS = claim('oidc-group-membership-mapper', { 'claim.name': 'groups', 'full.path': 'false' })
const FOR_CATENA = claim('oidc-audience-mapper', { 'included.custom.audience': AUDIENCE, 'id.token.claim': 'false' })

/** A realm with Catena as a client, one other client whose tokens are for Catena's API, and one whose are not. Returns ids of its people. */
export async function makeRealm(keycloak: TestKeycloak, catena: string): Promise<ReadonlyMap<Person, string>> {
  await keycloak.admin('POST', '', {
    realm: REALM,
    enabled: true,
    groups: [{ name: 'audit' }, { name: 'ops' }],
    users: Object.entries(PEOPLE).map(([username, { groups }]) => ({
      username,
      enabled: true,
      email: `${username}@acme.example`,
      emailVerified: true,
      firstName: username,
      lastName: 'Example',
      credentials: [{ type: 'password', value: PASSWORD }],
      groups: groups.map((name) => `/${name}`),
    })),
    clients: [
      {
        clientId: 'catena',
        secret: CLIENT_SECRET,
        redirectUris: [`${catena}/login/callback`],
        protocolMappers: [GROUPS],
        attributes: {
          'pkce.code.challenge.method': 'S256',
          'oauth2.device.authorization.grant.enabled': 'true',
          'backchannel.logout.url': `${catena}/logout/backchannel`,
          // With it Keycloak tells of one of several sessions when an administrator signs a person out (docs/security.md).
          'backchannel.logout.session.required': 'false',
          'post.logout.redirect.uris': catena,
        },
      },
      { clientId: 'agent', secret: CLIENT_SECRET, directAccessGrantsEnabled: true, protocolMappers: [GROUPS, FOR_CATENA] },
      { clientId: 'other', secret: CLIENT_SECRET, directAccessGrantsEnabled: true, protocolMappers: [GROUPS] },
    ],
  })
  const users = await keycloak.admin<{ id: string; username: Person }[]>('GET', `${REALM}/users`)
  return new Map(users.map(({ id, username }) => [username, id]))
} // prettier-ignore

export function providerOf({ url }: TestKeycloak): ProviderSettings {
  return {
    issuer: `${url}/realms/${REALM}`,
    clientId: 'catena',
    clientSecret: { variable: SECRET_VARIABLE },
    audience: AUDIENCE,
    algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
    rolesClaim: 'groups',
    roles: new Map([['audit', ['auditor']], ['ops', ['operator']]]),
    rolesWithin: new Map(),
    personScope: `keycloak/${REALM}`,
  }
} // prettier-ignore
