import { text, type JsonObject } from '@catena/domain'
import { allow, type Rule, type RuleLiteral } from '../../redaction.js'
import { keep, only } from '../webhooks/allowed.js'
import { classify, keyIsName } from './actions.js'

/** Documented for every entry of the audit log: what was done, when, by whom, where. */
const ENVELOPE: RuleLiteral = {
  ...keep('@timestamp', 'at_sign_timestamp', 'created_at', '_document_id', 'action', 'operation_type'),
  ...keep('actor', 'actor_id', 'actor_is_bot', 'actor_is_agent', 'user', 'user_id'),
  ...keep('business', 'business_id', 'org', 'org_id', 'repo', 'repo_id', 'public_repo', 'visibility'),
  // A SHA-256 of a random token: joins its uses and cannot be reversed.
  ...keep('hashed_token', 'token_id', 'token_scopes', 'programmatic_access_type'),
  // What an entry of an unknown action holds besides; `keep` would leave it out.
  '*': 'mask',
}

/** Kept beside the envelope for actions that are known; addresses, user agents and titles are masked, the rest is left out. */
const ENTRY: RuleLiteral = {
  ...ENVELOPE,
  ...keep('workflow_run_id', 'workflow_id', 'run_number', 'run_attempt', 'rerun_type', 'trigger_id', 'check_run_id'),
  ...keep('event', 'name', 'head_branch', 'head_sha', 'conclusion', 'started_at', 'completed_at', 'cancelled_at'),
  ...keep('job_name', 'job_workflow_ref', 'calling_workflow_refs', 'calling_workflow_shas', 'imposer_repo'),
  ...keep('environment_name', 'secrets_passed', 'is_hosted_runner', 'runner_owner_type', 'runner_labels'),
  ...keep('runner_id', 'runner_name', 'runner_group_id', 'runner_group_name'),
  ...keep('integration', 'integration_id', 'oauth_application', 'oauth_application_id', 'repository_selection'),
  ...keep('repositories_added', 'repositories_added_names', 'repositories_removed', 'repositories_removed_names'),
  ...keep('user_programmatic_access_id', 'user_programmatic_access_request_id'),
  ...keep('fingerprint', 'deploy_key_fingerprint', 'read_only', 'credential_regenerated', 'credential_revoked'),
  ...keep(
    'team',
    'permission',
    'old_permission',
    'new_repo_permission',
    'old_repo_permission',
    'target_login',
    'blocked_user',
  ),
  ...keep('alert_number', 'number', 'secret_type', 'resolution', 'branch', 'hook_id', 'active'),
  ...keep(
    'ruleset_id',
    'ruleset_name',
    'ruleset_enforcement',
    'transport_protocol_name',
    'transport_protocol',
    'old_name',
  ),
  actor_ip: 'mask',
  user_agent: 'mask',
  external_identity_nameid: 'mask',
  external_identity_username: 'mask',
  user_programmatic_access_name: 'mask',
  title: 'mask',
  key: 'mask',
}

const UNKNOWN = allow(ENVELOPE)
const KNOWN = allow(only(ENTRY))
/** The `key` of a secret is its name; the `key` of a deploy key is the key. */
const SECRET = allow(only({ ...ENTRY, key: 'keep' }))

export function allowedInAudit(record: JsonObject): Rule {
  const action = text(record.action) ?? ''
  if (classify(action) === undefined) return UNKNOWN
  return keyIsName(action) ? SECRET : KNOWN
}
