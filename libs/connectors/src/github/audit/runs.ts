import { at, list, text, textAt, type Json, type JsonObject } from '@catena/domain'
import { joined } from '../groups.js'
import { instantAt } from '../time.js'
import { attributesAt, present, sortedTexts, UNREADABLE, type Reading, type Told } from '../told.js'
import {
  actorAttributes,
  actorOf,
  bindRepository,
  mentionPlace,
  mentionRun,
  mentionToken,
  placeAttributes,
  tokenAttributes,
} from './subjects.js'

/**
 * A run was created, re-run or completed. Only the completion names the attempt that it ends: which attempt a creation or a re-run
 * began is not recorded.
 */
export function tellRunEntry(reading: Reading): Told {
  const { body, action, groups } = reading
  const run = textAt(body, 'workflow_run_id')
  if (run === undefined) return UNREADABLE
  const completed = action === 'workflows.completed_workflow_run'
  groups.establish('run', 'ci-run', run)
  if (completed) tellAttempt(reading, joined(run, textAt(body, 'run_attempt')))
  bindRepository(reading)
  groups.mention('initiator', ...actorOf(body))
  mentionToken(groups, body)
  return {
    kind: 'run-observed',
    attributes: {
      ...runAttributes(body),
      ...(completed ? span(body) : {}),
      ...placeAttributes(body),
      ...tokenAttributes(body),
      ...actorAttributes(body, 'initiator'),
    },
  }
}

/** Without its start an attempt would seem to begin with the record of its end, so then only the end is told. */
function tellAttempt({ body, groups }: Reading, attempt: string | undefined): void {
  if (instantAt(body, 'started_at') !== undefined) groups.establish('attempt', 'ci-attempt', attempt)
  groups.end('attempt-end', 'ci-attempt', attempt)
}

function span(body: JsonObject): Told['attributes'] {
  return present({ startsAt: instantAt(body, 'started_at'), endsAt: instantAt(body, 'completed_at') })
}

function runAttributes(body: JsonObject): Told['attributes'] {
  return {
    ...attributesAt(body, {
      runId: 'workflow_run_id',
      workflowId: 'workflow_id',
      conclusion: 'conclusion',
      event: 'event',
      workflowName: 'name',
      headBranch: 'head_branch',
      headSha: 'head_sha',
      runNumber: 'run_number',
      rerunType: 'rerun_type',
    }),
    ...present({
      runAttempt: textAt(body, 'run_attempt'),
    }),
  }
}

/** The only record that names the secrets of a job. It has no actor, no job id and no attempt. */
export function tellSecretsPassed(reading: Reading): Told {
  const { body } = reading
  mentionRun(reading)
  mentionPlace(reading)
  return {
    kind: 'secrets-passed',
    attributes: {
      // Somebody's job was handed them: that GitHub names no token is no request without one.
      callerOrigin: 'unrecorded',
      ...present({
        secretsPassed: body.secrets_passed === undefined ? undefined : secretNames(at(body, 'secrets_passed')),
      }),
      ...attributesAt(body, {
        runId: 'workflow_run_id',
        runnerId: 'runner_id',
        jobName: 'job_name',
        jobWorkflowRef: 'job_workflow_ref',
        callingWorkflowRefs: 'calling_workflow_refs',
        runnerName: 'runner_name',
        runnerOwnerType: 'runner_owner_type',
        labels: 'runner_labels',
        hostedRunner: 'is_hosted_runner',
      }),
      ...placeAttributes(body),
    },
  }
}

/** A list, or the text of one in exports that flatten lists. */
function secretNames(value: Json | undefined): string[] {
  if (typeof value === 'string') return sortedTexts(value.match(/\w+/g) ?? [])
  return sortedTexts(list(value).map(text))
}
