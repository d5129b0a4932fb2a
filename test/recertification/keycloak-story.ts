import type { SourceInstance } from '@catena/domain'
import type { RemediationSettings } from '@catena/platform'
import { tellRevocation, type Told } from './campaign-story.js'

export const REALM = 'acme'
export const GROUP = 'payments'
const NO_MORE = { sharedIdentities: [], gaps: [] }
const VAULT: SourceInstance = {
  id: 'vault', kind: 'vault', scope: 'real', ...NO_MORE,
  federations: [{ mount: 'auth/jwt-people/', issuer: { kind: 'keycloak', scope: REALM }, claims: { sid: 'sid', email: 'email' } }],
} // prettier-ignore
const KEYCLOAK: SourceInstance = { id: 'keycloak', kind: 'keycloak', scope: REALM, federations: [], ...NO_MORE }

/** A Keycloak whose group lets people into a Vault, real or recorded: where it is asked, and what both wrote when. */
export interface PeopleSide {
  readonly url: URL
  /** Of the client `catena-remediation`. */
  readonly secretFile: string
  /** The Vault's audit log and the realm's events and admin events once ana, who is in the group, has logged in and read `secret/ledger`. */
  readonly before: { readonly vault: string; readonly keycloak: readonly string[] }
  /** The same once what was ordered was carried out. */
  after(): Promise<PeopleSide['before']>
  readonly now: number
}

/** A campaign takes ana's access to the ledger away: she gets it by a group. */
export function tellGroupStory(side: PeopleSide): Promise<Told> {
  const settings: RemediationSettings = {
    systems: [
      {
        id: 'people', kind: 'keycloak', url: side.url, scope: REALM, realm: REALM, clientId: 'catena-remediation', clientSecretFile: side.secretFile,
        allow: ['remove-from-group'], gives: [{ system: 'vault/real', path: 'secret/ledger', group: GROUP }],
      },
    ],
    receivers: [],
  } // prettier-ignore
  const filesOf = ({ vault, keycloak }: PeopleSide['before']) => [
    ...keycloak.map((path) => ({ source: KEYCLOAK.id, path })),
    { source: VAULT.id, path: vault },
  ]
  return tellRevocation({
    sources: [VAULT, KEYCLOAK],
    settings,
    scope: 'path ~ "ledger" and accessor_kind = person',
    before: filesOf(side.before),
    after: async () => filesOf(await side.after()),
    now: side.now,
  })
}
