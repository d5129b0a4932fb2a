import type { RuleLiteral } from '../../redaction.js'

/** Stores the named members and drops the rest: GitHub repeats some fifty URLs and texts in every payload. */
export function only(members: RuleLiteral): RuleLiteral {
  return { ...members, '*': 'drop' }
}

export function keep(...names: readonly string[]): RuleLiteral {
  return only(Object.fromEntries(names.map((name) => [name, 'keep'])))
}

export const ACCOUNT = keep('id', 'login', 'type')
const REPOSITORY = only({
  ...keep('id', 'name', 'full_name', 'private', 'visibility', 'fork', 'archived', 'default_branch'),
  // The time of a push stands nowhere else.
  ...keep('created_at', 'updated_at', 'pushed_at'),
  owner: ACCOUNT,
})

/** What every payload carries: who, where, and what was done. */
export const ENVELOPE: RuleLiteral = {
  action: 'keep',
  repository: REPOSITORY,
  organization: keep('id', 'login'),
  enterprise: keep('id', 'slug'),
  installation: keep('id'),
  sender: ACCOUNT,
}

/** Without `display_title`, `head_commit` and `pull_requests`: texts that people write. */
export const RUN = only({
  ...keep('id', 'name', 'path', 'run_number', 'run_attempt', 'event', 'status', 'conclusion', 'workflow_id'),
  ...keep('check_suite_id', 'head_branch', 'head_sha', 'created_at', 'run_started_at', 'updated_at'),
  actor: ACCOUNT,
  triggering_actor: ACCOUNT,
})

export const JOB = only({
  ...keep('id', 'run_id', 'run_attempt', 'workflow_name', 'name', 'head_branch', 'head_sha', 'status', 'conclusion'),
  ...keep('labels', 'runner_id', 'runner_name', 'runner_group_id', 'runner_group_name'),
  ...keep('created_at', 'started_at', 'completed_at'),
})

/** Without `payload` and `description`: whatever the deploying tool put there. */
export const DEPLOYMENT = only({
  ...keep('id', 'task', 'environment', 'original_environment', 'ref', 'sha', 'created_at', 'updated_at'),
  ...keep('transient_environment', 'production_environment'),
  creator: ACCOUNT,
})

export const DEPLOYMENT_STATUS = only({
  ...keep('id', 'state', 'environment', 'created_at', 'updated_at'),
  creator: ACCOUNT,
})

export const JOB_RUN = keep('id', 'name', 'status', 'conclusion', 'environment', 'created_at', 'updated_at')

export const REVIEWER = only({
  type: 'keep',
  reviewer: keep('id', 'login', 'type', 'slug', 'name'),
})

/** The public key is masked: the same key on two repositories stays recognisable. Its title is free text. */
export const DEPLOY_KEY = only({
  ...keep('id', 'verified', 'read_only', 'enabled', 'added_by', 'created_at', 'last_used'),
  key: 'mask',
  title: 'mask',
})

/** Without `secret` and the comments of whoever resolved it. */
export const ALERT = only({
  ...keep('number', 'secret_type', 'secret_type_display_name', 'state', 'resolution', 'validity', 'publicly_leaked'),
  ...keep('multi_repo', 'push_protection_bypassed', 'created_at', 'updated_at', 'resolved_at'),
  ...keep('push_protection_bypassed_at'),
  resolved_by: ACCOUNT,
  push_protection_bypassed_by: ACCOUNT,
})

export const ALERT_LOCATION = only({
  type: 'keep',
  details: keep('path', 'start_line', 'end_line', 'blob_sha', 'commit_sha'),
})

export const TEAM = keep('id', 'slug', 'name', 'privacy', 'permission')

/** What an app may do where it bears on credentials; the rest of its permissions is left out. */
const APP_PERMISSIONS = only({
  ...keep('actions', 'administration', 'contents', 'deployments', 'environments', 'members', 'metadata', 'workflows'),
  ...keep('secrets', 'dependabot_secrets', 'codespaces_secrets', 'actions_variables', 'secret_scanning_alerts'),
  ...keep('organization_administration', 'organization_secrets', 'organization_personal_access_tokens'),
  ...keep('organization_hooks', 'repository_hooks', 'organization_self_hosted_runners'),
})

export const INSTALLATION = only({
  ...keep('id', 'app_id', 'app_slug', 'target_id', 'target_type', 'repository_selection', 'events'),
  ...keep('created_at', 'updated_at', 'suspended_at'),
  account: ACCOUNT,
  permissions: APP_PERMISSIONS,
})

export const LISTED_REPOSITORY = keep('id', 'full_name', 'private')

/** The name of a personal access token is free text of its owner. */
export const TOKEN_REQUEST = only({
  ...keep('id', 'token_id', 'repository_selection', 'repository_count', 'created_at'),
  ...keep('token_expired', 'token_expires_at', 'token_last_used_at'),
  token_name: 'mask',
  owner: ACCOUNT,
})

export const CHECK = keep('id', 'name', 'head_sha', 'status', 'conclusion', 'started_at', 'completed_at', 'updated_at')
