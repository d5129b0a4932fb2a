import { z } from 'zod'
import { FEED_KINDS, SEVERITY_NAMES } from '../../feed/kinds.js'
import { FORMAT_NAMES } from '../../formats/format.js'
import { holdsSecret } from './holds-secret.js'

/** Secrets are named, never written: an environment variable or a file of the worker. */
const VARIABLE = z.string().regex(/^CATENA_EXPORT_[A-Z0-9_]+$/, 'must name a variable that begins with CATENA_EXPORT_')
const FILE = z.string().min(1, 'must name a file').startsWith('/', 'must be an absolute path')

const tls = {
  ca_file: FILE.optional(),
  cert_file: FILE.optional(),
  key_file: FILE.optional(),
  servername: z.string().optional(),
}
const secret = { secret_env: VARIABLE.optional(), secret_file: FILE.optional() }
/** A URL is part of what is recorded for good, and shown. */
const URL_OF_HTTP = z
  .string()
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), 'must be a URL that begins with https://')
  .refine((text) => !URL.canParse(text) || !holdsSecret(new URL(text)), 'must hold no user, password, token or key, in its path neither: they would be recorded and shown. Name a secret by secret_env or secret_file; to a receiver that knows it by its address alone, as chats do, send by a relay of your own') // prettier-ignore

const toHttp = { url: URL_OF_HTTP, allow_private: z.boolean().default(false), ...tls, ...secret } // prettier-ignore

const BYTES_MAX = 1024 * 1024

/** By kind: what a destination is reached with. */
export const TARGETS = {
  kafka: z.strictObject({ topic: z.string().regex(/^[\w.-]{1,249}$/, 'must be the name of a topic') }),
  syslog: z.strictObject({
    host: z.string().min(1),
    port: z.int().min(1).max(65_535).default(6514),
    transport: z.enum(['tls', 'tcp', 'udp'], 'must be tls, tcp or udp').default('tls'),
    ...tls,
  }),
  webhook: z.strictObject(toHttp),
  'event-collector': z.strictObject({
    ...toHttp,
    ack: z.boolean().default(false),
    index: z.string().optional(),
    sourcetype: z.string().optional(),
  }),
  files: z.strictObject({
    folder: FILE,
    bytes_max: z
      .int()
      .min(1024)
      .default(100 * BYTES_MAX),
  }),
} as const

export type DestinationKind = keyof typeof TARGETS
export const DESTINATION_KINDS = Object.keys(TARGETS) as DestinationKind[]

export const filterSchema = z.strictObject({
  /** Only these; absent: all. */
  kinds: z.array(z.enum(FEED_KINDS)).min(1).optional(),
  /** This severity or worse. */
  severity: z.enum(SEVERITY_NAMES).optional(),
  /** Only of these source instances; `catena` for what Catena itself did. */
  sources: z.array(z.string().min(1)).min(1).optional(),
})
export type FeedFilter = z.infer<typeof filterSchema>

/** Longest event a destination takes, bytes; syslog receivers cut what is longer than theirs. */
const EVENT_BYTES_MAX = 64 * 1024

export const destinationSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be 1 to 63 of a to z, 0 to 9 and hyphen'),
  kind: z.enum(DESTINATION_KINDS, `must be one of ${DESTINATION_KINDS.join(', ')}`),
  format: z.enum(FORMAT_NAMES, `must be one of ${FORMAT_NAMES.join(', ')}`),
  target: z.record(z.string(), z.unknown()),
  filter: filterSchema.default({}),
  eventBytesMax: z.int().min(1_024).max(BYTES_MAX).default(EVENT_BYTES_MAX),
})

type Written = z.infer<typeof destinationSchema>
type OfKind<K extends DestinationKind> = Omit<Written, 'kind' | 'target'> & { readonly kind: K; readonly target: z.infer<(typeof TARGETS)[K]> } // prettier-ignore

/** Where events go, as it was declared. Holds no secret. */
export type Destination = { [K in DestinationKind]: OfKind<K> }[DestinationKind]
