import type { RuleLiteral } from '../../redaction.js'
import type { Reading, Told } from '../told.js'
import { ACCOUNT, DEPLOYMENT, JOB, JOB_RUN, keep, REVIEWER, RUN } from './allowed.js'
import { tellChange } from './change.js'
import { CREDENTIAL_EVENTS } from './credential-events.js'
import { jobTime, tellJob } from './job.js'
import { PEOPLE_EVENTS } from './people-events.js'
import { REPOSITORY_EVENTS } from './repository-events.js'
import { reviewTime, tellReview } from './review.js'
import { tellRun } from './run.js'
import { from, type Time } from './times.js'

/** All that the connector knows of one event: what may be stored, when it happened, what it tells. */
export interface WebhookType {
  /** Members of the payload beside the envelope. */
  readonly allowed: RuleLiteral
  readonly time: Time
  readonly tell: (reading: Reading) => Told
}

const ACTIONS_EVENTS: Readonly<Record<string, WebhookType>> = {
  workflow_run: {
    allowed: { workflow_run: RUN, workflow: keep('id', 'name', 'path', 'state') },
    time: from('workflow_run.updated_at', 'workflow_run.run_started_at', 'workflow_run.created_at'),
    tell: tellRun,
  },
  workflow_job: { allowed: { workflow_job: JOB, deployment: DEPLOYMENT }, time: jobTime, tell: tellJob },
  deployment_review: {
    allowed: {
      workflow_run: RUN,
      since: 'keep',
      environment: 'keep',
      workflow_job_run: JOB_RUN,
      workflow_job_runs: JOB_RUN,
      reviewers: REVIEWER,
      approver: ACCOUNT,
      requestor: ACCOUNT,
    },
    time: reviewTime,
    tell: tellReview,
  },
}

const CHANGES = Object.entries({ ...CREDENTIAL_EVENTS, ...PEOPLE_EVENTS, ...REPOSITORY_EVENTS })

/** By the name in `X-GitHub-Event`. A map, because that name comes from outside. */
export const WEBHOOKS: ReadonlyMap<string, WebhookType> = new Map([
  ...Object.entries(ACTIONS_EVENTS),
  ...CHANGES.map(([event, change]): [string, WebhookType] => [
    event,
    { allowed: change.allowed, time: change.time, tell: tellChange(change) },
  ]),
])
