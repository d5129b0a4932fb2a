import type { ActivityKind } from '@catena/domain'

/** What an entry of the audit log is about; each concern has one reader (audit.ts). */
export type AuditConcern =
  'approval' | 'deployment' | 'variable' | 'credential' | 'membership' | 'person' | 'login' | 'plain'

export interface AuditType {
  readonly concern: AuditConcern
  readonly kind: ActivityKind
}

/** GitLab Docs, "Audit event types" (18.7). First match wins, so exceptions stand before the rest of their family. */
const TYPES: readonly (readonly [RegExp, AuditConcern, ActivityKind])[] = [
  [/^deployment_(?:approved|rejected)$/, 'approval', 'approval-observed'],
  [/^deployment_started$/, 'deployment', 'operation'],
  [/^variable_viewed_api$/, 'variable', 'secret-read'],
  [/^ci_(?:group_|instance_)?variable_(?:created|updated|deleted)$/, 'variable', 'credential-changed'],
  [/^(?:group|project)_ci_cd_settings_accessed$/, 'plain', 'operation'],
  // Settings about tokens, before the tokens themselves.
  [/^secure_ci_job_token_|_token_creation_allowed_updated$|_expiration_enforced_updated$|^disable_\w+_updated$/, 'plain', 'policy-changed'],
  [/^\w*(?:access_token|deploy_token|deploy_key|ssh_key|gpg_key|agent_token|runner_token|runner_registration_token|trigger_token|feed_token)(?:_\w+)?$/, 'credential', 'credential-changed'],
  [/^(?:oauth_application_\w+|user_authorized_oauth_application|user_password_updated|user_(?:en|dis)able_two_factor)$/, 'credential', 'credential-changed'],
  [/^(?:password_reset_\w+|user_impersonation|user_enable_admin_mode|ip_restricted_group_accessed)$/, 'plain', 'operation'],
  [/^(?:authenticated_with_\w+|smartcard_authentication_created|user_email_changed_and_user_signed_in)$/, 'login', 'login'],
  [/^(?:login_failed_with_\w+|omniauth_login_failed)$/, 'login', 'login'],
  [/^(?:member_\w+|change_membership_state|group_saml_member_added|inactive_scim_user_cannot_be_added)$/, 'membership', 'membership-changed'],
  [/^(?:\w+_group_links?_\w+|custom_admin_role_(?:un)?assigned_\w+|user_(?:admin|auditor)_status_updated)$/, 'membership', 'membership-changed'],
  [/^(?:user_\w+|(?:un)?ban_user|unblock_user|registration_created|email_\w+|update_mismatched_group_saml_extern_uid)$/, 'person', 'person-observed'],
  [/^\w*(?:protected_|push_rules|approv|ip_restrictions|two_factor|_mfa_|access_level|visibility|reauthentication|password_to|allowed_email_domain|member_role|admin_role)\w*$/, 'plain', 'policy-changed'],
  [/^(?:repository_git_operation|\w*repository_download_operation|job_artifact_downloaded|\w*export\w*|merge_request_merged|pipeline_deleted)$/, 'plain', 'operation'],
  [/^(?:comment|issue|task|incident|work_item|merge_request|delete_(?:issue|work_item|merge_request)|epic)\w*$/, 'plain', 'not-about-access'],
  [/^\w*(?:streaming|_configuration_|namespace_filter|event_type_filters|saml_provider|scim|runner|compliance|status_check|environment|cluster|integration|oauth_provider|settings?)\w*$/, 'plain', 'configuration-changed'],
  [/^(?:project|group|release|container|package|ml|application|virtual|allow|remove|prevent|require|retain|squash|experiment|duo|q|selective|show|new_user)_\w+$/, 'plain', 'configuration-changed'],
] // prettier-ignore

/** As entries of the REST API have no type in older versions, it is told by what they say was done. */
const DONE: readonly (readonly [RegExp, AuditConcern, ActivityKind])[] = [
  [/^(?:add|remove|change) (?:user_access|access_level)$/, 'membership', 'membership-changed'],
  [/^(?:add|remove) (?:ssh_key|deploy_key|gpg_key|personal_access_token|deploy_token)$/, 'credential', 'credential-changed'],
  [/^(?:add|change|remove) ci_(?:group_)?variable$/, 'variable', 'credential-changed'],
  [/^(?:add|remove|change) user$/, 'person', 'person-observed'],
  [/^(?:add|remove|change) (?:project|group)$/, 'plain', 'configuration-changed'],
  [/^login$/, 'login', 'login'],
  [/^change \w+$/, 'plain', 'configuration-changed'],
] // prettier-ignore

/** Undefined: nobody has read this type yet. */
export function auditTypeOf(type: string): AuditType | undefined {
  for (const [pattern, concern, kind] of [...TYPES, ...DONE]) if (pattern.test(type)) return { concern, kind }
  return undefined
}

/** Nobody was authenticated: whatever was typed where the name belongs. */
export function isOfNobody(type: string): boolean {
  return /^(?:login_failed_with_|omniauth_login_failed|password_reset_|failed_login)/.test(type)
}
