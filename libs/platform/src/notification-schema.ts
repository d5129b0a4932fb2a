import { z } from 'zod'
import { isLoopback, isSafeUrl } from './access-schema.js'

export interface EmailSettings {
  readonly id: string
  readonly host: string
  readonly port: number
  /** `none`: on this machine only. */
  readonly tls: 'implicit' | 'starttls' | 'none'
  readonly user: string | undefined
  readonly passwordFile: string | undefined
  /** Authorities of the server, where they are not the system's. */
  readonly caFile: string | undefined
  readonly from: string
}

export interface WebhookSettings {
  readonly id: string
  readonly url: URL
  readonly secretFile: string
}

export interface ChatSettings {
  readonly id: string
  /** Holds the URL of the incoming webhook, which is a secret. */
  readonly urlFile: string
}

/** The section `notifications` of catena.yaml. */
export interface NotificationSettings {
  readonly email: EmailSettings | undefined
  readonly webhooks: readonly WebhookSettings[]
  readonly chats: readonly ChatSettings[]
}

const text = z.string('must be text').min(1, 'must not be empty')
const url = text.refine(isSafeUrl, 'must be an https:// URL (http:// on loopback only), without a password')
const id = text.regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'must be a name of small letters, digits and dashes')

const email = z
  .strictObject({
    host: text,
    port: z.int('must be a number').min(1).max(65_535).default(587),
    tls: z.enum(['implicit', 'starttls', 'none'], 'must be implicit, starttls or none').default('starttls'),
    user: text.optional(),
    password_file: text.optional(),
    ca_file: text.optional(),
    from: z.email('must be an e-mail address'),
  })
  .refine((one) => one.tls !== 'none' || isLoopback(one.host), 'must use TLS: without it mail and password travel in clear (tls: none is for this machine only)') // prettier-ignore
  .refine((one) => (one.user === undefined) === (one.password_file === undefined), 'must name user and password_file together') // prettier-ignore

export const notificationSchema = z.strictObject({
  email: email.optional(),
  webhooks: z.array(z.strictObject({ id, url, secret_file: text }), 'must be a list').default([]),
  chats: z.array(z.strictObject({ id, url_file: text }), 'must be a list').default([]),
})

/** `resolveFile` makes a path of the file absolute. */
export function notificationOf(entry: z.infer<typeof notificationSchema>, resolveFile: (path: string) => string): NotificationSettings {
  const optional = (path: string | undefined): string | undefined => (path === undefined ? undefined : resolveFile(path))
  const { email: mail, webhooks, chats } = entry
  return {
    email: mail === undefined ? undefined : { id: 'email', host: mail.host, port: mail.port, tls: mail.tls, user: mail.user, passwordFile: optional(mail.password_file), caFile: optional(mail.ca_file), from: mail.from },
    webhooks: webhooks.map((one) => ({ id: one.id, url: new URL(one.url), secretFile: resolveFile(one.secret_file) })),
    chats: chats.map((one) => ({ id: one.id, urlFile: resolveFile(one.url_file) })),
  }
} // prettier-ignore
