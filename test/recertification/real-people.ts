import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { passwordToken, startKeycloak, type TestKeycloak } from '@catena/testing'
import { GROUP, REALM, type PeopleSide } from './keycloak-story.js'
import { startBareVault, type BareVault } from './real-vault.js'
import { startRecordingProxy, type Exchange } from './recording-proxy.js'

const SECRET = 'client-secret-of-this-test'
const PASSWORD = 'password-of-this-test'

export interface RealPeople extends PeopleSide {
  readonly keycloak: TestKeycloak
  readonly exchanges: readonly Exchange[]
  /** Ids of those in the group. */
  members(): Promise<readonly string[]>
  /** HTTP status of a new login of ana at the Vault. */
  loginAgain(): Promise<number>
  /** HTTP status of a token for the client `deploy`, by its own secret. */
  clientToken(): Promise<number>
  stop(): void
}

/** A realm whose group lets ana into a Vault, where she has read `secret/ledger`; and a client whose service account may manage users and clients, and nothing else. */
export async function startRealPeople(keycloakFolder: string): Promise<RealPeople> {
  const [keycloak, vault] = await Promise.all([startKeycloak(keycloakFolder), startBareVault()])
  const proxy = await startRecordingProxy(keycloak.url)
  await makeRealm(keycloak)
  await makeVault(vault, keycloak.url)
  const realm = `${keycloak.url}/realms/${REALM}`
  const login = async () => {
    const jwt = await passwordToken(realm, { client_id: 'vault', client_secret: SECRET, username: 'ana', password: PASSWORD }) // prettier-ignore
    return vault.call('', 'POST', 'auth/jwt-people/login', { role: 'people', jwt })
  }
  const { auth } = await login()
  if (auth === undefined || auth === null) throw new Error('the Vault let ana not in')
  await vault.call(auth.client_token, 'GET', 'secret/data/ledger')
  const secretFile = join(vault.folder, 'client-secret')
  writeFileSync(secretFile, SECRET, { mode: 0o600 })
  const before = await recorded(keycloak, vault, 'before')
  return {
    url: proxy.url,
    secretFile,
    before,
    now: Date.now(),
    after: async () => {
      await sleep(500)
      return recorded(keycloak, vault, 'after')
    },
    keycloak,
    exchanges: proxy.exchanges,
    members: async () => {
      const [group] = await keycloak.admin<{ id: string }[]>('GET', `${REALM}/groups?search=${GROUP}`)
      const people = await keycloak.admin<{ id: string }[]>('GET', `${REALM}/groups/${group?.id}/members`)
      return people.map(({ id }) => id)
    },
    loginAgain: async () => (await login()).status,
    clientToken: async () => {
      const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'deploy', client_secret: SECRET })
      return (await fetch(`${realm}/protocol/openid-connect/token`, { method: 'POST', body: form })).status
    },
    stop: () => {
      proxy.stop()
      vault.stop()
      keycloak.stop()
    },
  }
}

/** What both wrote until now, in files that stay as they are. */
async function recorded({ admin }: TestKeycloak, { folder, log }: BareVault, name: string): Promise<PeopleSide['before']> {
  const own = join(folder, name)
  mkdirSync(own, { recursive: true })
  copyFileSync(log, join(own, 'vault.log'))
  const keycloak = await Promise.all(['events', 'admin-events'].map(async (kind) => {
    const path = join(own, `keycloak-${kind}.json`)
    writeFileSync(path, JSON.stringify(await admin('GET', `${REALM}/${kind}?max=1000`), null, 1))
    return path
  }))
  return { vault: join(own, 'vault.log'), keycloak }
} // prettier-ignore

async function makeRealm({ admin }: TestKeycloak): Promise<void> {
  const mapper = (protocolMapper: string, config: Record<string, string>) => ({ name: protocolMapper, protocol: 'openid-connect', protocolMapper, config: { 'access.token.claim': 'true', ...config } })
  await admin('POST', '', {
    realm: REALM, enabled: true, eventsEnabled: true, adminEventsEnabled: true, adminEventsDetailsEnabled: true,
    groups: [{ name: GROUP }],
    users: [{ username: 'ana', enabled: true, email: 'ana@acme.example', emailVerified: true, firstName: 'Ana', lastName: 'Example', credentials: [{ type: 'password', value: PASSWORD }] }],
    clients: [
      {
        clientId: 'vault', secret: SECRET, directAccessGrantsEnabled: true,
        protocolMappers: [mapper('oidc-group-membership-mapper', { 'claim.name': 'groups', 'full.path': 'false' }), mapper('oidc-audience-mapper', { 'included.client.audience': 'vault' })],
      },
      { clientId: 'deploy', secret: SECRET, serviceAccountsEnabled: true, standardFlowEnabled: false },
      { clientId: 'catena-remediation', secret: SECRET, serviceAccountsEnabled: true, standardFlowEnabled: false },
    ],
  })
  // By the API, so that an admin event tells of it.
  const [[ana], [group]] = await Promise.all([admin<{ id: string }[]>('GET', `${REALM}/users?username=ana`), admin<{ id: string }[]>('GET', `${REALM}/groups`)])
  await admin('PUT', `${REALM}/users/${ana?.id}/groups/${group?.id}`)
  await giveLeastRights(admin)
} // prettier-ignore

/** The roles that docs/remediation.md names. */
async function giveLeastRights(admin: TestKeycloak['admin']): Promise<void> {
  const clientOf = async (clientId: string) => (await admin<{ id: string }[]>('GET', `${REALM}/clients?clientId=${clientId}`))[0]?.id
  const [own, management] = await Promise.all([clientOf('catena-remediation'), clientOf('realm-management')])
  const account = await admin<{ id: string }>('GET', `${REALM}/clients/${own}/service-account-user`)
  const roles = await Promise.all(['manage-users', 'manage-clients'].map((role) => admin('GET', `${REALM}/clients/${management}/roles/${role}`)))
  await admin('POST', `${REALM}/users/${account.id}/role-mappings/clients/${management}`, roles)
} // prettier-ignore

/** Lets in whom the realm has in the group. */
async function makeVault({ root }: BareVault, keycloak: string): Promise<void> {
  const issuer = `${keycloak}/realms/${REALM}`
  await root('POST', 'sys/policies/acl/ledger', { policy: 'path "secret/data/ledger" { capabilities = ["read"] }' })
  await root('POST', 'sys/auth/jwt-people', { type: 'jwt' })
  await root('POST', 'auth/jwt-people/config', { jwks_url: `${issuer}/protocol/openid-connect/certs`, bound_issuer: issuer }) // prettier-ignore
  await root('POST', 'auth/jwt-people/role/people', {
    role_type: 'jwt', user_claim: 'sub', bound_audiences: ['vault'], bound_claims: { groups: [GROUP] },
    claim_mappings: { sid: 'sid', email: 'email' }, token_policies: ['ledger'], token_ttl: '1h',
  }) // prettier-ignore
  await root('POST', 'secret/data/ledger', { data: { k: 'v' } })
}
