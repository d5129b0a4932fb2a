import type { ActivityKind } from '@catena/domain'

export type Concern =
  'login' | 'certificate' | 'session' | 'session-end' | 'inside' | 'request' | 'user' | 'change' | 'svid' | 'aside'

export interface EventType {
  readonly kind: ActivityKind
  readonly concern: Concern
}

/** First match counts. */
const TYPES: readonly (readonly [RegExp, ActivityKind, Concern])[] = [
  [/^(?:user\.login|bot\.join)$/, 'login', 'login'],
  [/^(?:auth|user\.headless\.login.*)$/, 'login-started', 'change'],
  // Steps of a sign-in that Teleport's own devices and keys take.
  [/^(?:device\.authenticate(?:\.\w+)?|mfa_auth_challenge\.\w+)$/, 'operation', 'change'],
  [/^cert\.create$/, 'token-created', 'certificate'],
  [/^spiffe\.svid\.issued$/, 'token-created', 'svid'],
  [/^(?:session|db\.session|app\.session|mcp\.session|windows\.desktop\.session|git\.session)\.start$/, 'key-used', 'session'],
  [/^session\.rejected$/, 'key-used', 'session'],
  [/^(?:session|db\.session|app\.session|mcp\.session|windows\.desktop\.session|git\.session)\.end$/, 'logout', 'session-end'],
  [/^(?:session\.(?:command|disk|network|exec|process_exit|join|leave|connect|recording\.access)|exec|scp|sftp.*|port|subsystem|db\.session\..+|app\.session\..+|mcp\.session\..+|kube\.request|desktop\..+)$/, 'operation', 'inside'],
  [/^access_request\.(?:create|update|review|delete|expire)$/, 'approval-observed', 'request'],
  [/^access_request\./, 'operation', 'change'],
  [/^user\.(?:create|update|delete)$/, 'person-observed', 'user'],
  [/^bot\.(?:create|update|delete)$/, 'agent-observed', 'user'],
  [/^access_list\.member\./, 'membership-changed', 'change'],
  [/^(?:role|access_list)\./, 'policy-changed', 'change'],
  [/^(?:user\.password_change|user\.update_password|recovery_code\..+|reset_password_token\.create|mfa\.(?:add|delete)|privilege_token\.create|join_token\.(?:create|delete)|device\.(?!authenticate)\w.*|ca\.rotate|cert_auth_override\..+|workload_identity.*)$/, 'credential-changed', 'change'],
  [/^(?:session\.(?:upload|data|x11|subsystem)|print|resize|x11-forward|client\.disconnect|instance\.join|upgradewindowstart\..+|billing\..+|unknown|stable_unix_user\..+)$/, 'not-about-access', 'aside'],
  [/^[a-z0-9_]+(?:\.[a-z0-9_]+)*\.(?:create|created|update|updated|delete|deleted|upsert)$/, 'configuration-changed', 'change'],
] // prettier-ignore

/** undefined: an event that nobody has read yet. */
export function eventTypeOf(event: unknown): EventType | undefined {
  if (typeof event !== 'string' || event.length > 80) return undefined
  const found = TYPES.find(([pattern]) => pattern.test(event))
  return found === undefined ? undefined : { kind: found[1], concern: found[2] }
}
