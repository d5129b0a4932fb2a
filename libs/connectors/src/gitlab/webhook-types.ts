import type { ActivityKind } from '@catena/domain'
import type { RuleLiteral } from '../redaction.js'
import { keep, only, PROJECT, USER } from './allowed.js'

/** What a webhook is about; each concern has one reader (interpret.ts). */
export type WebhookConcern = 'pipeline' | 'job' | 'deployment' | 'membership' | 'person' | 'key' | 'plain'

export interface WebhookType {
  readonly concern: WebhookConcern
  readonly kind: ActivityKind
  readonly allowed: RuleLiteral
}

const STAMPS: RuleLiteral = keep('created_at', 'updated_at', 'expires_at')

const PIPELINE: RuleLiteral = {
  // Left out: variables, which hold values; commits; jobs, which have webhooks of their own.
  object_attributes: only({
    ...keep('id', 'iid', 'ref', 'tag', 'sha', 'source', 'status', 'detailed_status', 'created_at', 'finished_at'),
    duration: 'number',
  }),
  user: USER,
  project: PROJECT,
  source_pipeline: only({ project: PROJECT, ...keep('job_id', 'pipeline_id') }),
  merge_request: only(keep('id', 'iid', 'source_project_id', 'target_project_id')),
}

const JOB: RuleLiteral = {
  ...keep('ref', 'tag', 'sha', 'build_id', 'build_name', 'build_stage', 'build_status', 'build_failure_reason'),
  ...keep('build_created_at', 'build_started_at', 'build_finished_at', 'pipeline_id', 'project_id', 'retries_count'),
  runner: only({ ...keep('id', 'runner_type', 'is_shared'), tags: 'keep' }),
  environment: only(keep('name', 'action', 'deployment_tier')),
  user: USER,
  project: PROJECT,
  source_pipeline: only({ project: PROJECT, ...keep('job_id', 'pipeline_id') }),
}

const DEPLOYMENT: RuleLiteral = {
  ...keep('status', 'status_changed_at', 'deployment_id', 'deployable_id', 'environment', 'environment_tier'),
  ...keep('ref', 'short_sha'),
  user: USER,
  project: PROJECT,
}

const MEMBERSHIP: RuleLiteral = {
  ...STAMPS,
  ...keep('group_id', 'group_path', 'group_access', 'project_id', 'project_path_with_namespace', 'project_access'),
  ...keep('access_level', 'user_id', 'user_username'),
  user_email: 'mask',
}

const PERSON: RuleLiteral = { ...STAMPS, ...keep('user_id', 'username', 'old_username', 'email', 'state') }

/** A user's public key: its mask tells the same key again. */
const KEY: RuleLiteral = { ...STAMPS, ...keep('id', 'username'), key: 'mask' }

const PLACE: RuleLiteral = {
  ...STAMPS,
  ...keep('project_id', 'path_with_namespace', 'old_path_with_namespace', 'owner_name', 'group_id', 'full_path'),
  ...keep('old_full_path', 'user_id', 'user_username', 'ref', 'before', 'after', 'project_visibility'),
  project: PROJECT,
  user: USER,
}

const EXPIRY: RuleLiteral = {
  project: PROJECT,
  group: only(keep('group_id', 'group_path')),
  object_attributes: only({ ...keep('id', 'user_id', 'created_at', 'expires_at'), name: 'mask' }),
}

/** Types by `object_kind`, and of system and group hooks by `event_name` (GitLab Docs, "Webhook events", "System hooks"). First match wins. */
const TYPES: readonly (readonly [RegExp, WebhookType])[] = [
  [/^pipeline$/, { concern: 'pipeline', kind: 'run-observed', allowed: PIPELINE }],
  [/^build$/, { concern: 'job', kind: 'job-observed', allowed: JOB }],
  [/^deployment$/, { concern: 'deployment', kind: 'operation', allowed: DEPLOYMENT }],
  [/^user_(?:add_to|remove_from|update_for)_(?:group|team)$/, { concern: 'membership', kind: 'membership-changed', allowed: MEMBERSHIP }],
  [/^user_(?:access_request)_\w+$/, { concern: 'membership', kind: 'operation', allowed: MEMBERSHIP }],
  [/^user_(?:create|destroy|rename)$/, { concern: 'person', kind: 'person-observed', allowed: PERSON }],
  [/^user_failed_login$/, { concern: 'plain', kind: 'login', allowed: { ...STAMPS, ...keep('user_id', 'state'), username: 'mask', email: 'mask', name: 'drop' } }],
  [/^key_(?:create|destroy)$/, { concern: 'key', kind: 'credential-changed', allowed: KEY }],
  [/^access_token$/, { concern: 'plain', kind: 'operation', allowed: EXPIRY }],
  [/^(?:project|group|subgroup)_(?:create|destroy|rename|transfer|update|archive|unarchive)$/, { concern: 'plain', kind: 'configuration-changed', allowed: PLACE }],
  [/^(?:push|tag_push|repository_update|merge_request|release)$/, { concern: 'plain', kind: 'operation', allowed: PLACE }],
  [/^(?:issue|work_item|note|wiki_page|feature_flag|emoji|milestone|vulnerability)$/, { concern: 'plain', kind: 'not-about-access', allowed: {} }],
] // prettier-ignore

/** Undefined: nobody has read this type yet. */
export function webhookTypeOf(name: string): WebhookType | undefined {
  return TYPES.find(([pattern]) => pattern.test(name))?.[1]
}
