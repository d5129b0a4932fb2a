import type { ActivityKind, Outcome } from '@catena/domain'
import type { Decision } from '../told.js'

export interface AuditAction {
  readonly kind: ActivityKind
  readonly decision?: Decision
  readonly outcome?: Outcome
}

const decided = (decision: Decision): AuditAction => ({
  kind: 'approval-observed',
  decision,
  ...(decision === 'rejected' ? { outcome: 'denied' as const } : {}),
})

const kind = (kind: ActivityKind): AuditAction => ({ kind })

/**
 * Actions of the audit log that bear on shared credentials (GitHub Docs, "Audit log events for your organization" and
 * "… for your enterprise"). First match wins; what none matches is unclassified.
 */
const ACTIONS: readonly (readonly [pattern: RegExp, action: AuditAction])[] = [
  [/^workflows\.(?:created|completed|rerun)_workflow_run$/, kind('run-observed')],
  [/^workflows\.prepared_workflow_job$/, kind('secrets-passed')],
  [/^workflows\.approve_workflow_job$/, decided('approved')],
  [/^workflows\.reject_workflow_job$/, decided('rejected')],
  [/^workflows\.bypass_protection_rules$/, decided('bypassed')],
  [/^workflows\.(?:cancel|delete)_workflow_run$|^workflows\.comment_workflow_job$/, kind('operation')],
  // A disabled workflow is a trigger: the credentials of a scheduled job end with it.
  [/^workflows\.(?:en|dis)able_workflow$/, kind('configuration-changed')],

  [
    /^\w+\.(?:create|update|remove|delete)_(?:actions|dependabot|codespaces|integration)_secret$/,
    kind('credential-changed'),
  ],
  [/^\w+\.(?:create|update|remove|delete)_actions_variable$/, kind('configuration-changed')],
  [/^personal_access_token\.request_created$/, decided('requested')],
  [/^personal_access_token\.request_denied$/, decided('rejected')],
  [/^personal_access_token\.request_cancelled$/, decided('cancelled')],
  [/^integration_installation_request\.create$|^org\.oauth_app_access_requested$/, decided('requested')],
  [/^org\.oauth_app_access_approved$/, decided('approved')],
  [/^org\.oauth_app_access_denied$/, decided('rejected')],
  [
    /^(?:public_key|deploy_key|personal_access_token|oauth_access|oauth_authorization|oauth_application)\./,
    kind('credential-changed'),
  ],
  [
    /^(?:org_credential_authorization|integration_installation|integration|ssh_certificate_authority)\./,
    kind('credential-changed'),
  ],

  [/^secret_scanning_alert\.(?:create|reopen|public_leak)$/, kind('exposure-reported')],
  [/^secret_scanning_push_protection\.bypass$/, kind('exposure-reported')],
  [/^secret_scanning_alert\./, kind('operation')],
  [/^(?:\w+_)?secret_scanning\w*\.(?:enable|disable)d?$/, kind('policy-changed')],

  [
    /^(?:org|repo|business)\.(?:add|remove|update|invite|restore|convert)_(?:\w+_)?(?:member|admin|user|collaborator|manager)$/,
    kind('membership-changed'),
  ],
  [/^org\.(?:cancel_invitation|convert_member_to_outside_collaborator)$/, kind('membership-changed')],
  [
    /^(?:team|enterprise_team|organization_role|organization_moderators|external_group|role)\./,
    kind('membership-changed'),
  ],

  [/^protected_branch\.rejected_ref_update$/, { kind: 'operation', outcome: 'denied' }],
  [/^protected_branch\.policy_override$/, kind('operation')],
  [/^(?:protected_branch|repository_ruleset|repository_branch_protection|ip_allow_list\w*)\./, kind('policy-changed')],
  [/^environment\.(?:add|update|remove)_protection_rule$/, kind('policy-changed')],
  [
    /^(?:org|business)\.(?:enable|disable|set|saml|update_saml|update_default|update_actions_settings|oidc)\w*$/,
    kind('policy-changed'),
  ],
  [/^\w+\.\w*(?:self_hosted|runner_group)\w*$/, kind('configuration-changed')],
  [/^(?:environment|hook)\./, kind('configuration-changed')],
  [
    /^repo\.(?:create|destroy|archived|unarchived|access|rename|restore|transfer\w*|update_actions_\w+)$/,
    kind('configuration-changed'),
  ],

  [/^git\.(?:clone|fetch|push)$|^repo\.download_zip$|^(?:org|business)\.sso_response$/, kind('operation')],
]

export function classify(action: string): AuditAction | undefined {
  return ACTIONS.find(([pattern]) => pattern.test(action))?.[1]
}

/** Is `key` of this entry the name of a secret or a variable? */
export function keyIsName(action: string): boolean {
  return /_(?:secret|variable)$/.test(action)
}
