import type { Instant, JsonObject } from '@catena/domain'
import type { RuleLiteral } from '../../redaction.js'
import { firstInstant } from '../time.js'
import type { Reading, Told } from '../told.js'
import * as allowed from './allowed.js'
import { tellChange, type Change } from './change.js'
import { CHANGES } from './changes.js'
import { jobTime, tellJob } from './job.js'
import { reviewTime, tellReview } from './review.js'
import { tellRun } from './run.js'

type Time = (body: JsonObject, action: string | undefined) => Instant | undefined

/** All that the connector knows of one event: what may be stored, when it happened, what it tells. */
export interface WebhookType {
  /** Members of the payload beside the envelope. */
  readonly allowed: RuleLiteral
  readonly time: Time
  readonly tell: (reading: Reading) => Told
}

const { keep, only, ACCOUNT, ALERT, DEPLOYMENT, RUN, TEAM } = allowed

const from =
  (...paths: readonly string[]): Time =>
  (body) =>
    firstInstant(body, paths)

/** Stamps of the thing's birth say nothing of its later changes. */
const fromIf =
  (actions: readonly string[], ...paths: readonly string[]): Time =>
  (body, action) =>
    actions.includes(action ?? '') ? firstInstant(body, paths) : undefined

const never: Time = () => undefined

const alertTime: Time = (body, action) =>
  firstInstant(body, action === 'created' ? ['alert.created_at'] : ['alert.updated_at', 'alert.resolved_at'])

const installationTime: Time = (body, action) =>
  firstInstant(body, action === 'created' ? ['installation.created_at'] : ['installation.updated_at'])

const repositoryTime: Time = (body, action) =>
  action === 'deleted'
    ? undefined
    : firstInstant(body, [action === 'created' ? 'repository.created_at' : 'repository.updated_at'])

const CHANGE_RULES: Readonly<Record<keyof typeof CHANGES, readonly [allowed: RuleLiteral, time: Time]>> = {
  deployment: [{ deployment: DEPLOYMENT, workflow_run: RUN }, from('deployment.updated_at', 'deployment.created_at')],
  deployment_status: [
    { deployment_status: allowed.DEPLOYMENT_STATUS, deployment: DEPLOYMENT, workflow_run: RUN },
    from('deployment_status.updated_at', 'deployment_status.created_at'),
  ],
  deploy_key: [{ key: allowed.DEPLOY_KEY }, fromIf(['created'], 'key.created_at')],
  secret_scanning_alert: [{ alert: ALERT }, alertTime],
  secret_scanning_alert_location: [{ alert: ALERT, location: allowed.ALERT_LOCATION }, never],
  personal_access_token_request: [
    { personal_access_token_request: allowed.TOKEN_REQUEST },
    fromIf(['created'], 'personal_access_token_request.created_at'),
  ],
  installation: [
    { installation: allowed.INSTALLATION, repositories: allowed.LISTED_REPOSITORY, requester: ACCOUNT },
    installationTime,
  ],
  installation_repositories: [
    {
      installation: allowed.INSTALLATION,
      repository_selection: 'keep',
      repositories_added: allowed.LISTED_REPOSITORY,
      repositories_removed: allowed.LISTED_REPOSITORY,
      requester: ACCOUNT,
    },
    from('installation.updated_at'),
  ],
  github_app_authorization: [{}, never],
  member: [
    {
      member: ACCOUNT,
      changes: only({ old_permission: keep('from'), permission: keep('from', 'to'), role_name: keep('from', 'to') }),
    },
    never,
  ],
  membership: [{ member: ACCOUNT, team: TEAM, scope: 'keep' }, never],
  organization: [
    {
      membership: only({ ...keep('state', 'role'), user: ACCOUNT }),
      invitation: only({ ...keep('id', 'login', 'role', 'created_at', 'team_count'), email: 'mask', inviter: ACCOUNT }),
      user: ACCOUNT,
      changes: only({ login: keep('from') }),
    },
    fromIf(['member_invited'], 'invitation.created_at'),
  ],
  org_block: [{ blocked_user: ACCOUNT }, never],
  team: [{ team: TEAM, changes: only({ name: keep('from'), privacy: keep('from') }) }, never],
  team_add: [{ team: TEAM }, never],
  repository: [
    {
      changes: only({
        repository: only({ name: keep('from') }),
        owner: only({ from: only({ user: ACCOUNT, organization: keep('id', 'login') }) }),
      }),
    },
    repositoryTime,
  ],
  public: [{}, from('repository.updated_at')],
  branch_protection_rule: [
    { rule: keep('id', 'repository_id', 'name', 'created_at', 'updated_at') },
    from('rule.updated_at'),
  ],
  repository_ruleset: [
    {
      repository_ruleset: keep(
        'id',
        'name',
        'target',
        'source',
        'source_type',
        'enforcement',
        'created_at',
        'updated_at',
      ),
    },
    from('repository_ruleset.updated_at'),
  ],
  push: [keep('ref', 'before', 'after', 'created', 'deleted', 'forced', 'base_ref'), from('repository.pushed_at')],
  create: [keep('ref', 'ref_type'), from('repository.pushed_at')],
  delete: [keep('ref', 'ref_type'), from('repository.pushed_at')],
  check_run: [{ check_run: allowed.CHECK }, from('check_run.completed_at', 'check_run.started_at')],
  check_suite: [{ check_suite: allowed.CHECK }, from('check_suite.updated_at')],
  ping: [{ hook_id: 'keep' }, never],
  meta: [{ hook_id: 'keep' }, never],
}

const told = Object.entries<Change>(CHANGES).map(([event, change]): [string, WebhookType] => {
  const [members, time] = CHANGE_RULES[event as keyof typeof CHANGES]
  return [event, { allowed: members, time, tell: tellChange(change) }]
})

export const WEBHOOKS: ReadonlyMap<string, WebhookType> = new Map<string, WebhookType>([
  [
    'workflow_run',
    {
      allowed: { workflow_run: RUN, workflow: keep('id', 'name', 'path', 'state') },
      time: from('workflow_run.updated_at', 'workflow_run.run_started_at', 'workflow_run.created_at'),
      tell: tellRun,
    },
  ],
  ['workflow_job', { allowed: { workflow_job: allowed.JOB, deployment: DEPLOYMENT }, time: jobTime, tell: tellJob }],
  [
    'deployment_review',
    {
      allowed: {
        workflow_run: RUN,
        since: 'keep',
        environment: 'keep',
        workflow_job_run: allowed.JOB_RUN,
        workflow_job_runs: allowed.JOB_RUN,
        reviewers: allowed.REVIEWER,
        approver: ACCOUNT,
        requestor: ACCOUNT,
      },
      time: reviewTime,
      tell: tellReview,
    },
  ],
  ...told,
])
