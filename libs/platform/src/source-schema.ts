import { CLAIMS, parseInstant, SOURCE_KINDS } from '@catena/domain'
import { z } from 'zod'
import { accessSchema } from './access-schema.js'
import { parseDurationMs } from './duration.js'
import { notificationSchema } from './notification-schema.js'
import { remediationSchema } from './remediation-schema.js'

const KINDS = SOURCE_KINDS.join(', ')
const text = z.string('must be text').min(1, 'must not be empty')
/** Scopes stand inside correlation keys, where a colon separates. */
const scope = text.regex(/^[^\s:]+$/, 'must be a name without blanks and colons, e.g. prod-1')
const kind = z.enum(SOURCE_KINDS, `must be one of ${KINDS}`)

const durationMs = z.union([z.string(), z.number()], 'must be a duration such as 90s, 15m, 10h or 2d, or a number of seconds')
  .transform((value, context) => {
    const duration = parseDurationMs(value)
    if (duration !== undefined) return duration
    context.addIssue('must be a duration such as 90s, 15m, 10h or 2d, or a number of seconds')
    return z.NEVER
  }) // prettier-ignore

const instant = z
  .union([z.string(), z.date()], 'must be a time such as 2026-03-01T08:00:00Z')
  .transform((value, context) => {
    const time = value instanceof Date ? value.getTime() : parseInstant(value)
    if (time !== undefined) return time
    context.addIssue('must be a time such as 2026-03-01T08:00:00Z')
    return z.NEVER
  })

const issuerText = z.string().transform((value, context) => {
  const [, issuerKind = '', issuerScope = ''] = /^([^:]+):([^\s:]+)$/.exec(value) ?? []
  const parsed = kind.safeParse(issuerKind)
  if (parsed.success && issuerScope !== '') return { kind: parsed.data, scope: issuerScope }
  context.addIssue(`must be <kind>:<scope> as in keycloak:tideline, with a kind of ${KINDS}`)
  return z.NEVER
})

const claims = z
  .record(z.string(), text, 'must map claims to fields of the login metadata')
  .superRefine((members, context) => {
    for (const name of Object.keys(members).filter((name) => !(CLAIMS as readonly string[]).includes(name))) {
      context.addIssue({
        code: 'custom',
        path: [name],
        message: `is no claim that Catena reads; there are ${CLAIMS.join(', ')}`,
      })
    }
  })

const mount = text.regex(/^[^/\s].*\/$/, 'must be the path of an auth mount with a slash at the end, e.g. auth/oidc/')

const federation = members({
  mount,
  issuer: z.union(
    [issuerText, members({ kind, scope })],
    `must be <kind>:<scope> as in keycloak:tideline, or {kind, scope}`,
  ),
  claims: claims.default({}),
  client: text.optional(),
  session_max: durationMs.optional(),
})

const gap = members({ from: instant, to: instant }).refine(({ from, to }) => from < to, 'must begin before it ends')

const source = members({
  id: text.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be a name of letters, digits, dots, dashes and underscores, at most 64')
    .refine((id) => id !== 'catena', 'must be another name: catena stands for its own decisions'),
  kind,
  scope,
  federations: z.array(federation, 'must be a list').default([]),
  shared_identities: z.array(text, 'must be a list of prefixes such as auth/approle/').default([]),
  heartbeat: durationMs.optional(),
  gaps: z.array(gap, 'must be a list of {from, to}').default([]),
  webhook_secret_env: text.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable, not the secret').optional(),
  webhook_secret_file: text.optional(),
}).refine(
  (one) => one.webhook_secret_env === undefined || one.webhook_secret_file === undefined,
  'has both webhook_secret_env and webhook_secret_file: keep one',
) // prettier-ignore

/** How far rules of the walk reach. */
const walk = members({
  clock_skew_max: durationMs.optional(),
  session_max: durationMs.optional(),
  attempt_max: durationMs.optional(),
  custody_max: durationMs.optional(),
})

export type SourceEntry = z.infer<typeof source>
export type WalkEntry = z.infer<typeof walk>

/** The file catena.yaml. */
export const configurationSchema = members({
  sources: z.array(source, 'must be a list of sources').default([]),
  walk: walk.default({}),
  access: accessSchema.optional(),
  remediation: remediationSchema.optional(),
  notifications: notificationSchema.optional(),
})

/** An object whose unknown members are named, with those that exist. */
function members<T extends z.ZodRawShape>(shape: T) {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') return `may have the members ${Object.keys(shape).join(', ')} only`
      return `must be an object with the members ${Object.keys(shape).join(', ')}`
    },
  })
}
