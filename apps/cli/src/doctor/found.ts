import type { ListedToken } from '@catena/callers'
import type { SourceInstance } from '@catena/domain'
import type { AccessSettings, NotificationSettings, RemediationSettings, Settings } from '@catena/platform'

/** A file that nobody else should read, or should not be able to change. */
export interface FoundFile {
  readonly path: string
  readonly use: string
  /** Its content is a secret. */
  readonly isSecret: boolean
  /** Permission bits; undefined: there is no such file, or it cannot be looked at. */
  readonly mode: number | undefined
}

export interface FoundDatabase {
  /** User of the sessions, and whether it owns the ledger's tables or is a superuser. */
  readonly user: string
  readonly ownsLedger: boolean
  readonly isSuperuser: boolean
  readonly isEncrypted: boolean
  /** Our clock minus the database's, ms: what the time between question and answer does not explain. */
  readonly skewMs: number
  /** Those that can be used. */
  readonly tokens: readonly Pick<
    ListedToken,
    'id' | 'name' | 'roles' | 'sources' | 'issuedAt' | 'expiresAt' | 'lastUsedAt'
  >[]
}

/** What `catena doctor` looks at. No secret is in it, only what is said of one. */
export interface Found {
  readonly now: number
  readonly settings: Pick<Settings, 'host' | 'kafka' | 'databaseUrl'>
  readonly access: AccessSettings
  readonly sources: readonly Pick<SourceInstance, 'id' | 'kind' | 'heartbeatSeconds'>[]
  /** Source id → characters of each secret that its webhooks may be signed by. */
  readonly webhookSecretLengths: ReadonlyMap<string, readonly number[]>
  /** Characters of what signs outgoing webhooks, by the file; those that cannot be read are not in it. */
  readonly signingSecretLengths: ReadonlyMap<string, number>
  readonly remediation: RemediationSettings | undefined
  readonly notifications: NotificationSettings | undefined
  readonly files: readonly FoundFile[]
  /** When the certificate of `access.tls` ends; undefined: there is none, or it cannot be read. */
  readonly certificateEndsAt: number | undefined
  readonly runsAsRoot: boolean
  /** Undefined: the database was not reached. */
  readonly database: FoundDatabase | undefined
} // prettier-ignore

/** A setting that is risky (`risk`), worth a look (`look`), or could not be looked at (`unknown`, which is never a pass). */
export interface Advice {
  readonly weight: 'risk' | 'look' | 'unknown'
  /** Stable, for scripts. */
  readonly code: string
  readonly what: string
  readonly todo: string
}
