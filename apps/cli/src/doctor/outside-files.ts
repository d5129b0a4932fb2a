import type { Configuration } from '@catena/platform'
import type { FoundFile } from './found.js'

type Named = Omit<FoundFile, 'mode'>

/** Secrets by which Catena works at systems outside or is believed by them, and those that webhooks of sources are signed by. */
export function outsideFilesOf({ webhookSecrets, remediation, notifications }: Configuration): Named[] {
  const secret = (use: string, path: string | undefined): Named[] => (path === undefined ? [] : [{ use, path, isSecret: true }]) // prettier-ignore
  const { email, webhooks = [], chats = [] } = notifications ?? {}
  return [
    ...[...webhookSecrets].flatMap(([id, { file }]) => secret(`the webhook secret of source ${id}`, file)),
    ...(remediation?.systems ?? []).flatMap((one) => secret(`what remediation signs in to ${one.id} with`, one.kind === 'keycloak' ? one.clientSecretFile : one.tokenFile)),
    ...(remediation?.receivers ?? []).flatMap((one) => (one.kind === 'csv' ? [] : secret(`what signs orders to ${one.id}`, one.secretFile))),
    ...secret('the password of the mail server', email?.passwordFile),
    ...webhooks.flatMap(({ id, secretFile }) => secret(`what signs notifications to ${id}`, secretFile)),
    ...chats.flatMap(({ id, urlFile }) => secret(`the address of chat ${id}`, urlFile)),
  ]
} // prettier-ignore

/** Files whose secret signs webhooks that go out. */
export function signingFilesOf({ remediation, notifications }: Pick<Configuration, 'remediation' | 'notifications'>): string[] {
  const receivers = (remediation?.receivers ?? []).flatMap((one) => (one.kind === 'csv' ? [] : [one.secretFile]))
  return [...new Set([...receivers, ...(notifications?.webhooks ?? []).map(({ secretFile }) => secretFile)])]
} // prettier-ignore
