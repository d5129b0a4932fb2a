import { z } from 'zod'
import { isSafeUrl } from './access-schema.js'

/** What a system may be asked to do. */
export const REMEDIATION_ACTIONS = ['revoke-lease', 'revoke-accessor', 'delete-role', 'remove-from-group', 'disable-client', 'delete-secret'] as const // prettier-ignore
export type RemediationAction = (typeof REMEDIATION_ACTIONS)[number]

/**
 * What gives an access, declared by the operator. Everything that a group, client or role gives is to be declared, so that nobody is surprised
 * by its end.
 */
export interface Gives {
  /** `<kind>/<scope>` of the credentials' system. */
  readonly system: string
  /** Pattern of container and path; `*` for a part of a step, `**` for any steps. */
  readonly path: string
  /** Name of the workload that has it so; absent: everybody. */
  readonly accessor?: string | undefined
  readonly group?: string | undefined
  readonly client?: string | undefined
  readonly role?: string | undefined
  /** `owner/name`, and an Actions secret of it. */
  readonly repository?: string | undefined
  readonly secret?: string | undefined
}

interface System {
  readonly id: string
  readonly url: URL
  /** Explicit opt-in: nothing else is done there. */
  readonly allow: readonly RemediationAction[]
  readonly gives: readonly Gives[]
}

export interface VaultSystem extends System {
  readonly kind: 'vault'
  /** `<kind>/<scope>` of the source whose credentials it hands out. */
  readonly actsOn: string
  readonly tokenFile: string
  readonly namespace: string | undefined
}

export interface KeycloakSystem extends System {
  readonly kind: 'keycloak'
  /** Of the source that records its people. */
  readonly scope: string
  readonly realm: string
  readonly clientId: string
  readonly clientSecretFile: string
}

export interface GithubSystem extends System {
  readonly kind: 'github'
  readonly tokenFile: string
}

export type SystemSettings = VaultSystem | KeycloakSystem | GithubSystem

export type ReceiverSettings =
  | { readonly id: string; readonly kind: 'webhook'; readonly url: URL; readonly secretFile: string }
  | { readonly id: string; readonly kind: 'csv'; readonly folder: string }

/** The section `remediation` of catena.yaml. */
export interface RemediationSettings {
  readonly systems: readonly SystemSettings[]
  readonly receivers: readonly ReceiverSettings[]
}

const text = z.string('must be text').min(1, 'must not be empty')
const url = text.refine(isSafeUrl, 'must be an https:// URL (http:// on loopback only), without a password')
const allow = z.array(z.enum(REMEDIATION_ACTIONS, `must be among ${REMEDIATION_ACTIONS.join(', ')}`), 'must be a list of what may be done') // prettier-ignore

const gives = z
  .strictObject({
    system: text.regex(/^[^\s:/]+\/[^\s:/]+$/, 'must be <kind>/<scope> of a source, as in vault/prod-1'),
    path: text,
    accessor: text.optional(),
    group: text.optional(),
    client: text.optional(),
    role: text.optional(),
    repository: text.regex(/^[\w.-]+\/[\w.-]+$/, 'must be owner/name').optional(),
    secret: text.regex(/^\w+$/, 'must be the name of an Actions secret').optional(),
  })
  .refine((one) => [one.group, one.client, one.role, one.secret].filter((each) => each !== undefined).length === 1, 'must name one of group, client, role or secret') // prettier-ignore
  .refine((one) => (one.repository === undefined) === (one.secret === undefined), 'must name repository and secret together') // prettier-ignore

const system = { id: text, url, allow, gives: z.array(gives, 'must be a list').default([]) }
const systems = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('vault'), ...system, acts_on: text, token_file: text, namespace: text.optional() }),
    z.strictObject({ kind: z.literal('keycloak'), ...system, scope: text, realm: text, client_id: text, client_secret_file: text }),
    z.strictObject({ kind: z.literal('github'), ...system, url: url.default('https://api.github.com'), token_file: text }),
  ],
  'must have a kind of vault, keycloak or github',
) // prettier-ignore
const receivers = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('webhook'), id: text, url, secret_file: text }),
    z.strictObject({ kind: z.literal('csv'), id: text, folder: text }),
  ],
  'must have a kind of webhook or csv',
)

export const remediationSchema = z.strictObject({
  systems: z.array(systems, 'must be a list').default([]),
  hand_over: z.array(receivers, 'must be a list').default([]),
})

/** `resolveFile` makes a path of the file absolute. */
export function remediationOf(entry: z.infer<typeof remediationSchema>, resolveFile: (path: string) => string): RemediationSettings {
  return { systems: entry.systems.map((one) => systemOf(one, resolveFile)), receivers: entry.hand_over.map((one) => receiverOf(one, resolveFile)) }
} // prettier-ignore

function systemOf(entry: z.infer<typeof systems>, resolveFile: (path: string) => string): SystemSettings {
  const { id, allow, gives } = entry
  const shared = { id, url: new URL(entry.url), allow, gives }
  switch (entry.kind) {
    case 'vault':
      return { ...shared, kind: 'vault', actsOn: entry.acts_on, tokenFile: resolveFile(entry.token_file), namespace: entry.namespace }
    case 'keycloak':
      return { ...shared, kind: 'keycloak', scope: entry.scope, realm: entry.realm, clientId: entry.client_id, clientSecretFile: resolveFile(entry.client_secret_file) }
    case 'github':
      return { ...shared, kind: 'github', tokenFile: resolveFile(entry.token_file) }
  }
} // prettier-ignore

function receiverOf(entry: z.infer<typeof receivers>, resolveFile: (path: string) => string): ReceiverSettings {
  if (entry.kind === 'csv') return { id: entry.id, kind: 'csv', folder: resolveFile(entry.folder) }
  return { id: entry.id, kind: 'webhook', url: new URL(entry.url), secretFile: resolveFile(entry.secret_file) }
}
