import { at, isObject, type JsonObject } from '@catena/domain'

type Sign = (body: JsonObject) => boolean

const has =
  (...members: readonly string[]): Sign =>
  (body) =>
    members.every((member) => at(body, member) !== undefined)

const hasAny =
  (...members: readonly string[]): Sign =>
  (body) =>
    members.some((member) => at(body, member) !== undefined)

const acts =
  (...actions: readonly string[]): Sign =>
  (body) =>
    typeof body.action === 'string' && actions.includes(body.action)

/** No member beyond these: events that have no member of their own are told by what they lack. */
const hasOnly =
  (...members: readonly string[]): Sign =>
  (body) =>
    Object.keys(body).every((member) => members.includes(member))

const all =
  (...signs: readonly Sign[]): Sign =>
  (body) =>
    signs.every((sign) => sign(body))

const COMMON = ['action', 'repository', 'organization', 'enterprise', 'sender', 'installation', 'changes']

/** First match wins: several events carry the main member of another one. */
const SIGNS: readonly (readonly [event: string, sign: Sign])[] = [
  [
    'deployment_review',
    all(has('workflow_run'), hasAny('approver', 'reviewers', 'workflow_job_run', 'workflow_job_runs')),
  ],
  ['deployment_status', has('deployment_status')],
  ['workflow_job', has('workflow_job')],
  ['deployment', has('deployment')],
  ['workflow_run', has('workflow_run')],
  ['secret_scanning_alert_location', all(has('alert', 'location'))],
  ['secret_scanning_alert', has('alert.secret_type')],
  ['deploy_key', has('key.key')],
  ['membership', has('member', 'team')],
  ['member', has('member')],
  ['org_block', has('blocked_user')],
  ['organization', all(hasAny('membership', 'invitation'), has('organization'))],
  [
    'organization',
    all(acts('renamed', 'deleted'), hasOnly(...COMMON), has('organization'), (body) => !has('repository')(body)),
  ],
  ['team', has('team', 'action')],
  ['team_add', has('team')],
  ['installation_repositories', has('repositories_added', 'repositories_removed')],
  ['personal_access_token_request', has('personal_access_token_request')],
  ['repository_ruleset', has('repository_ruleset')],
  ['branch_protection_rule', has('rule')],
  ['check_run', has('check_run')],
  ['check_suite', has('check_suite')],
  ['push', has('ref', 'before', 'after')],
  ['github_app_authorization', all(acts('revoked'), hasOnly('action', 'sender'))],
  ['installation', all(has('installation.account'), (body) => !has('repository')(body))],
  [
    'repository',
    all(
      acts(
        'created',
        'deleted',
        'archived',
        'unarchived',
        'edited',
        'renamed',
        'transferred',
        'publicized',
        'privatized',
      ),
      hasOnly(...COMMON),
      (body) => isObject(body.repository),
    ),
  ],
]

/** The event of a payload that came without its headers; undefined where its members do not tell. */
export function inferEvent(body: JsonObject): string | undefined {
  return SIGNS.find(([, sign]) => sign(body))?.[0]
}
