import { shaped, type RuleLiteral } from '../redaction.js'

export function keep(...names: readonly string[]): RuleLiteral {
  return Object.fromEntries(names.map((name) => [name, 'keep' as const]))
}

/** The named members, and none besides. */
export function only(literal: RuleLiteral): RuleLiteral {
  return { '*': 'drop', ...literal }
}

export const USER = only({ ...keep('id', 'username'), email: 'mask' })
export const PROJECT = only(keep('id', 'path_with_namespace', 'visibility_level'))

/** Words that a change of a role or of a switch can go from and to. Anything else may be a name, an address or a value. */
const LEVEL =
  /^(?:No access|Minimal Access|Guest|Planner|Reporter|Security Manager|Developer|Maintainer|Owner|Administrator|Regular|Auditor|true|false|\d{1,4})$/i

const DETAILS = only({
  ...keep('event_name', 'author_name', 'author_class', 'target_id', 'target_type', 'target_details', 'entity_path'),
  ...keep('impersonated_by', 'ip_address', 'member_id', 'deployment_id'),
  ...keep('add', 'remove', 'change', 'action', 'with', 'failed_login'),
  from: shaped(LEVEL),
  to: shaped(LEVEL),
  as: shaped(LEVEL),
  author_email: 'mask',
  custom_message: 'mask',
})

const AUDIT_ENVELOPE: RuleLiteral = {
  ...keep('id', 'author_id', 'entity_id', 'entity_type', 'entity_path', 'event_type', 'event_name', 'created_at'),
  ...keep('target_id', 'target_type', 'ip_address'),
}

export const AUDIT_ENTRY: RuleLiteral = only({
  ...AUDIT_ENVELOPE,
  ...keep('author_name', 'target_details'),
  message_id: 'number',
  details: DETAILS,
})

/** A sign-in that failed: whatever was typed where the name belongs may be a password. */
export const AUDIT_OF_NOBODY: RuleLiteral = only({
  ...AUDIT_ENVELOPE,
  author_name: 'mask',
  target_details: 'mask',
  details: only({ ...keep('event_name', 'target_type', 'ip_address', 'failed_login') }),
})

/** Of an entry of a type that nobody has read yet. */
export const AUDIT_UNKNOWN: RuleLiteral = only({
  ...AUDIT_ENVELOPE,
  author_name: 'mask',
  target_details: 'mask',
  details: 'mask',
})
