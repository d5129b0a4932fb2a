import type { SourceInstance } from '@catena/domain'
import type { RemediationSettings } from '@catena/platform'
import { tellRevocation, type Told } from './campaign-story.js'

export const VAULT: SourceInstance = { id: 'vault', kind: 'vault', scope: 'real', federations: [], sharedIdentities: [], gaps: [] } // prettier-ignore

/** A Vault, real or recorded: where it is, and what its audit log says when. */
export interface VaultSide {
  readonly url: URL
  readonly tokenFile: string
  /** Its audit log once ana has logged in, read `secret/ledger` and had a certificate with a lease issued at `pki/issue/web`. */
  readonly before: string
  /** The same log once what was ordered was carried out, and the log of the server. */
  after(): Promise<readonly string[]>
  /** When the campaign runs. */
  readonly now: number
}

/** A campaign revokes the certificates of one accessor at a Vault. */
export function tellRevokeStory(vault: VaultSide): Promise<Told> {
  const settings: RemediationSettings = {
    systems: [{ id: 'vault', kind: 'vault', url: vault.url, actsOn: 'vault/real', tokenFile: vault.tokenFile, namespace: undefined, allow: ['revoke-lease', 'revoke-accessor'], gives: [] }],
    receivers: [],
  } // prettier-ignore
  const fileOf = (path: string) => ({ source: VAULT.id, path })
  return tellRevocation({
    sources: [VAULT],
    settings,
    scope: 'path ~ "issue/web"',
    before: [fileOf(vault.before)],
    after: async () => (await vault.after()).map(fileOf),
    now: vault.now,
  })
}
