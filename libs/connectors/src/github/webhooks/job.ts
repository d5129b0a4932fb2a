import { at, list, text, textAt, type JsonObject } from '@catena/domain'
import { joined } from '../groups.js'
import { firstInstant, instantAt } from '../time.js'
import { attributesAt, present, sortedTexts, UNREADABLE, type Reading, type Told } from '../told.js'
import { bindRepository, placeAttributes } from './subjects.js'

/** A job is evidence that its attempt and run exist; its end is the end of neither. */
export function tellJob(reading: Reading): Told {
  const { body, action, groups } = reading
  const job = textAt(body, 'workflow_job.id')
  const run = textAt(body, 'workflow_job.run_id')
  const attempt = textAt(body, 'workflow_job.run_attempt')
  if (job === undefined) return UNREADABLE
  groups.establish('job', 'ci-job', job)
  groups.establish('attempt', 'ci-attempt', joined(run, attempt))
  groups.establish('run', 'ci-run', run)
  if (action === 'completed') groups.end('job-end', 'ci-job', job)
  bindRepository(reading)
  return {
    kind: 'job-observed',
    fact: action === undefined ? undefined : `job:${job}/${attempt ?? '-'}:${action}`,
    attributes: { ...jobAttributes(body), ...jobTimes(reading), ...placeAttributes(body) },
  }
}

function jobAttributes(body: JsonObject): Told['attributes'] {
  const labels = sortedTexts(list(at(body, 'workflow_job.labels')).map(text))
  return {
    ...attributesAt(body, {
      jobId: 'workflow_job.id',
      runId: 'workflow_job.run_id',
      runnerId: 'workflow_job.runner_id',
      jobName: 'workflow_job.name',
      workflowName: 'workflow_job.workflow_name',
      conclusion: 'workflow_job.conclusion',
      headBranch: 'workflow_job.head_branch',
      headSha: 'workflow_job.head_sha',
      runnerName: 'workflow_job.runner_name',
      runnerGroup: 'workflow_job.runner_group_name',
      environment: 'deployment.environment',
    }),
    ...present({
      runAttempt: textAt(body, 'workflow_job.run_attempt'),
      labels: labels.length === 0 ? undefined : labels,
    }),
  }
}

/**
 * `startsAt` is the attempt's: it existed when the job was created. `started_at` says less, because a job carried over into a
 * re-run keeps the one of its first attempt; before a job runs it only repeats `created_at`.
 */
function jobTimes({ body, action }: Reading): Told['attributes'] {
  const ran = action === 'in_progress' || action === 'completed'
  return present({
    startsAt: firstInstant(body, ['workflow_job.created_at', 'workflow_job.started_at']),
    jobStartsAt: ran ? instantAt(body, 'workflow_job.started_at') : undefined,
    jobEndsAt: action === 'completed' ? instantAt(body, 'workflow_job.completed_at') : undefined,
  })
}

/** The stamp of the transition that the delivery reports. */
export function jobTime(body: JsonObject, action: string | undefined): number | undefined {
  const stamp = action === 'completed' ? 'completed_at' : action === 'in_progress' ? 'started_at' : 'created_at'
  return firstInstant(
    body,
    [stamp, 'started_at', 'created_at'].map((name) => `workflow_job.${name}`),
  )
}
