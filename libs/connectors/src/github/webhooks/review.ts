import { at, isObject, list, textAt, type Json, type JsonObject, type Outcome } from '@catena/domain'
import { instantOf } from '../time.js'
import { attributesAt, present, sortedTexts, type Reading, type Told } from '../told.js'
import { mentionAccount, mentionEnvironment, mentionRepository, mentionRun, placeAttributes } from './subjects.js'

const OUTCOMES: ReadonlyMap<string, Outcome> = new Map([
  ['requested', 'succeeded'],
  ['approved', 'succeeded'],
  ['rejected', 'denied'],
])

/** A review of a job that waits for a protected environment. Only `decision: approved` is an approval. */
export function tellReview(reading: Reading): Told {
  const { body, action, groups } = reading
  mentionRun(reading)
  mentionRepository(reading)
  mentionAccount(groups, 'approver', body.approver)
  mentionAccount(groups, 'requester', body.requestor)
  const environments = environmentsOf(body)
  const [only] = environments
  if (environments.length === 1) mentionEnvironment(reading, only)
  else for (const name of environments) mentionEnvironment(reading, name, `environment:${name}`)
  return {
    kind: 'approval-observed',
    outcome: OUTCOMES.get(action ?? '') ?? 'unknown',
    attributes: {
      ...present({
        decision: action,
        ...(environments.length === 1 ? { environment: only } : { environments }),
        reviewers: reviewersOf(body),
        runId: textAt(body, 'workflow_run.id'),
        runAttempt: textAt(body, 'workflow_run.run_attempt'),
      }),
      ...attributesAt(body, {
        approver: 'approver.login',
        approverType: 'approver.type',
        requester: 'requestor.login',
        requesterType: 'requestor.type',
        workflowPath: 'workflow_run.path',
      }),
      ...placeAttributes(body),
    },
  }
}

/** A request names one job, a decision can cover several. */
function jobRuns(body: JsonObject): Json[] {
  return [body.workflow_job_run, ...list(body.workflow_job_runs)].filter((run) => isObject(run))
}

function environmentsOf(body: JsonObject): string[] {
  return sortedTexts([textAt(body, 'environment'), ...jobRuns(body).map((run) => textAt(run, 'environment'))])
}

function reviewersOf(body: JsonObject): string[] | undefined {
  const names = sortedTexts(
    list(body.reviewers).map((entry) => {
      const name = textAt(entry, 'reviewer.login') ?? textAt(entry, 'reviewer.slug')
      return name === undefined ? undefined : `${textAt(entry, 'type') ?? 'unknown'}:${name}`
    }),
  )
  return names.length === 0 ? undefined : names
}

/** No stamp of the decision itself is sent: it is not earlier than the latest state that the payload reports. */
export function reviewTime(body: JsonObject): number | undefined {
  const stamps = [body.since, at(body, 'workflow_run.updated_at'), ...jobRuns(body).map((run) => at(run, 'updated_at'))]
  const instants = stamps.map(instantOf).filter((instant) => instant !== undefined)
  return instants.length === 0 ? undefined : Math.max(...instants)
}
