import type { ActivityKind } from '@catena/domain'

/** What an event is about; each concern has one reader (interpret.ts). */
export type Concern =
  | 'login'
  | 'logout'
  | 'through-session'
  | 'person'
  | 'membership'
  | 'group-end'
  | 'credential'
  | 'privileged'
  | 'approval'
  | 'configuration'

interface EventType {
  readonly concern: Concern
  readonly kind: ActivityKind
}

/** First match wins, so exceptions stand before the rest of their family. */
const EVENT_TYPES: readonly (readonly [RegExp, Concern, ActivityKind])[] = [
  [/^user\.session\.start$/, 'login', 'login'],
  [/^user\.session\.(?:end|expire|clear)$/, 'logout', 'logout'],
  [/^user\.session\./, 'through-session', 'operation'],
  [/^user\.authentication\.sso$/, 'through-session', 'code-exchanged'],
  [/^user\.authentication\./, 'through-session', 'operation'],
  [/^user\.mfa\./, 'through-session', 'operation'],
  [/^(?:user\.account|group)\.privilege\.(?:grant|revoke)$/, 'membership', 'membership-changed'],
  [/^user\.account\.report_/, 'through-session', 'operation'],
  [/^user\.(?:lifecycle|account)\./, 'person', 'person-observed'],
  [/^group\.user_membership\.(?:add|remove)$/, 'membership', 'membership-changed'],
  [/^application\.user_membership\.(?:add|remove|restore|revoke)$/, 'membership', 'membership-changed'],
  [/^application\.user_membership\.show_password$/, 'credential', 'secret-read'],
  [/^(?:application\.configuration|app\.oauth2\.client)\.read_client_secret$/, 'credential', 'secret-read'],
  [/^application\.user_membership\.(?:change|restore)_password$/, 'credential', 'credential-changed'],
  [/^application\.user_membership\./, 'through-session', 'operation'],
  [/^system\.api_token\./, 'credential', 'credential-changed'],
  [/^app\.oauth2\.(?:credentials|client)\.lifecycle\./, 'credential', 'credential-changed'],
  [/^app\.oauth2(?:\.as)?\.key\./, 'credential', 'credential-changed'],
  [/^app\.oauth2(?:\.as)?\.token\.grant/, 'through-session', 'token-created'],
  [/^app\.oauth2(?:\.as)?\.token\.revoke/, 'through-session', 'token-revoked'],
  [/^app\.oauth2\./, 'through-session', 'operation'],
  [/^pam\.(?:secret|service_account\.password|server_account\.password)\.reveal$/, 'privileged', 'secret-read'],
  [/^pam\.secret\.(?:create|update)$/, 'privileged', 'secret-written'],
  [/^pam\.secret\.delete$/, 'privileged', 'secret-deleted'],
  [/^pam\.(?:service|server)_account\.password(?:\.update|_rotation\.end|_change\.update)$/, 'privileged', 'secret-written'],
  [/^pam\.(?:user|gateway)_creds\.issue$/, 'privileged', 'token-created'],
  [/^pam\.(?:resource\.|(?:service|server)_account\.(?:password|assign|discovered)|server\.ssh_login$|security_policy\.evaluate$)/, 'privileged', 'operation'],
  [/^pam\.(?:\w+_token|gateway\.setup_token|preauthorization|password|offline_group\.secrets)\./, 'privileged', 'credential-changed'],
  [/^pam\.\w+\.(?:create|update|delete|add|remove|enroll|reassign|change|approve|request|\w+_group|\w+_project|bulk_membership_change|state\.update)$/, 'privileged', 'configuration-changed'],
  [/^app\.access_request\./, 'approval', 'approval-observed'],
  [/^access\.request\.(?!condition\.|sequence\.|settings\.)/, 'approval', 'approval-observed'],
  [/^certification\.campaign\.item\.decide$/, 'approval', 'approval-observed'],
  [/^(?:access\.request|certification)\./, 'configuration', 'configuration-changed'],
  [/^policy\.evaluate/, 'through-session', 'operation'],
  [/^policy\./, 'configuration', 'configuration-changed'],
  [/^group\.lifecycle\.delete$/, 'group-end', 'membership-changed'],
  [/^(?:application|group)\.lifecycle\./, 'configuration', 'configuration-changed'],
  [/^(?:zone|iam|system\.idp|security\.authenticator)\./, 'configuration', 'configuration-changed'],
] // prettier-ignore

/** Undefined: nobody has read this type yet. */
export function eventTypeOf(type: string): EventType | undefined {
  for (const [pattern, concern, kind] of EVENT_TYPES) if (pattern.test(type)) return { concern, kind }
  return undefined
}
