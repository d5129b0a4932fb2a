import { isPart, PEOPLE_ROLES, VAULT_ROLES, type EvidencePart, type Role, type RoleWithin } from '@catena/domain'
import { z } from 'zod'
import { isMetadata } from './addresses.js'
import { parseDurationMs } from './duration.js'

/** Signatures that tokens of people may bear; never `none`, and no symmetric ones, whose key would be the public key. */
export const TOKEN_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const

/** An identity provider and how its people become callers. */
export interface ProviderSettings {
  readonly issuer: string
  readonly clientId: string
  /** Where the client's secret is; read at each login, so that it can be rotated. Undefined: a public client. */
  readonly clientSecret: { readonly file: string } | { readonly variable: string } | undefined
  /** Audience of bearer tokens; undefined: tokens of the provider are not accepted at the API. */
  readonly audience: string | undefined
  readonly algorithms: readonly string[]
  /** Path of the claim that names groups or roles, e.g. `realm_access.roles`. */
  readonly rolesClaim: string
  /** What each value of the claim gives. */
  readonly roles: ReadonlyMap<string, readonly Role[]>
  /** The same for roles that are held for a part of the evidence only. */
  readonly rolesWithin: ReadonlyMap<string, readonly RoleWithin[]>
  /** `<kind>/<scope>` of the source that knows the same people, so that records and callers have the same keys. */
  readonly personScope: string
}

/** Who may use this Catena; the section `access` of catena.yaml. */
export interface AccessSettings {
  /** The address under which browsers reach it, without a slash at the end. */
  readonly url: string | undefined
  readonly provider: ProviderSettings | undefined
  /** Longest session, ms. */
  readonly sessionMaxMs: number
  /** Does nobody hold roles of separate duties together? */
  readonly separatesDuties: boolean
  readonly tls: TlsSettings | undefined
  /** Folders whose files a release from quarantine may read again when it is asked for by the API. */
  readonly releaseFrom: readonly string[]
  /** Keys of tokens, sessions and cursors, a line each; undefined: one that is derived from the installation key. */
  readonly keysFile: string | undefined
}

export interface TlsSettings {
  readonly certFile: string
  readonly keyFile: string
  /** Authorities of client certificates; undefined: none are asked for. */
  readonly clientCaFile: string | undefined
  /** Common name of a client certificate → ids of the sources that it may send for. */
  readonly clients: ReadonlyMap<string, readonly string[]>
}

/** Longest session where none is set. */
const SESSION_MAX_MS = 8 * 3_600_000

const text = z.string('must be text').min(1, 'must not be empty')
const roleNames = z.array(z.enum(PEOPLE_ROLES, `must be one of ${PEOPLE_ROLES.join(', ')}`), 'must be a list of roles')
const names = z.array(text, 'must be a list of names').min(1, 'must not be empty').optional()
/** Roles for a part of the evidence only. */
const rolesWithin = z
  .strictObject({
    roles: z.array(z.enum(VAULT_ROLES, `must be among ${VAULT_ROLES.join(', ')}`)).min(1),
    vaults: names,
    environments: names,
    units: names,
  })
  .refine((one) => isPart(partOf(one)), 'must name vaults, environments or units')
const duration = z.union([z.string(), z.number()]).transform((value, context) => {
  const ms = parseDurationMs(value)
  if (ms !== undefined) return ms
  context.addIssue('must be a duration such as 8h')
  return z.NEVER
})

/** Tokens and passwords never travel in clear; loopback is for tests. */
export function isSafeUrl(value: string): boolean {
  if (!URL.canParse(value)) return false
  const { protocol, hostname, username } = new URL(value)
  return (
    username === '' &&
    !isMetadata(hostname) &&
    (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname)))
  )
}

/** Names and addresses that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
}

const url = text.refine(
  isSafeUrl,
  'must be an https:// URL (http:// on loopback only), without a password, and none of a cloud’s metadata',
)

const provider = z
  .strictObject({
    issuer: url,
    client_id: text,
    client_secret_file: text.optional(),
    client_secret_env: text.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable').optional(),
    audience: text.optional(),
    algorithms: z.array(z.enum(TOKEN_ALGORITHMS, `must be among ${TOKEN_ALGORITHMS.join(', ')}`)).min(1).default(['RS256', 'PS256', 'ES256', 'EdDSA']),
    roles_claim: text.default('groups'),
    roles: z.record(z.string(), z.union([roleNames, rolesWithin], 'must be a list of roles, or roles with vaults, environments or units'), 'must map values of the claim to lists of roles').default({}),
    person_scope: text.regex(/^[^\s:/]+\/[^\s:/]+$/, 'must be <kind>/<scope> as in keycloak/acme').optional(),
  })
  .refine((one) => one.client_secret_file === undefined || one.client_secret_env === undefined, 'has both client_secret_file and client_secret_env: keep one')
  .refine((one) => one.audience !== one.client_id, 'must have another audience than client_id: an ID token is no key to the API') // prettier-ignore

const tls = z.strictObject({
  cert_file: text,
  key_file: text,
  client_ca_file: text.optional(),
  clients: z.record(z.string(), z.array(text), 'must map names of client certificates to lists of sources').default({}),
})

/** The section `access` of catena.yaml. */
export const accessSchema = z.strictObject({
  url: url.optional(),
  provider: provider.optional(),
  session_max: duration.optional(),
  separate_duties: z.boolean('must be true or false').default(true),
  tls: tls.optional(),
  release_from: z.array(text, 'must be a list of folders').default([]),
  keys_file: text.optional(),
})
export type AccessEntry = z.infer<typeof accessSchema>

/** `resolveFile` makes a path of the file absolute. */
export function accessOf(entry: AccessEntry | undefined, resolveFile: (path: string) => string): AccessSettings {
  const given = entry ?? accessSchema.parse({})
  return {
    url: given.url?.replace(/\/+$/, ''),
    provider: given.provider === undefined ? undefined : providerOf(given.provider, resolveFile),
    sessionMaxMs: given.session_max ?? SESSION_MAX_MS,
    separatesDuties: given.separate_duties,
    releaseFrom: given.release_from.map(resolveFile),
    keysFile: given.keys_file === undefined ? undefined : resolveFile(given.keys_file),
    tls:
      given.tls === undefined
        ? undefined
        : {
            certFile: resolveFile(given.tls.cert_file),
            keyFile: resolveFile(given.tls.key_file),
            clientCaFile: given.tls.client_ca_file === undefined ? undefined : resolveFile(given.tls.client_ca_file),
            clients: new Map(Object.entries(given.tls.clients)),
          },
  }
}

function providerOf(
  entry: NonNullable<AccessEntry['provider']>,
  resolveFile: (path: string) => string,
): ProviderSettings {
  const { client_secret_file: file, client_secret_env: variable } = entry
  const given = Object.entries(entry.roles)
  return {
    issuer: entry.issuer,
    clientId: entry.client_id,
    clientSecret: file !== undefined ? { file: resolveFile(file) } : variable !== undefined ? { variable } : undefined,
    audience: entry.audience,
    algorithms: entry.algorithms,
    rolesClaim: entry.roles_claim,
    roles: new Map(given.flatMap(([value, one]) => (Array.isArray(one) ? [[value, one]] : []))),
    rolesWithin: new Map(
      given.flatMap(([value, one]) =>
        Array.isArray(one) ? [] : [[value, one.roles.map((role) => ({ role, ...partOf(one) }))]],
      ),
    ),
    personScope: entry.person_scope ?? `oidc/${new URL(entry.issuer).host.replace(':', '-')}`,
  }
}

interface Written {
  readonly vaults?: string[] | undefined
  readonly environments?: string[] | undefined
  readonly units?: string[] | undefined
}

function partOf({ vaults, environments, units }: Written): EvidencePart {
  return {
    ...(vaults === undefined ? {} : { vaults }),
    ...(environments === undefined ? {} : { environments }),
    ...(units === undefined ? {} : { units }),
  }
}

/** Where catena.yaml says nothing of access. */
export const ACCESS_DEFAULTS: AccessSettings = accessOf(undefined, (path) => path)
