import { textAt } from '@catena/domain'
import { joined } from '../groups.js'
import { firstInstant, instantAt } from '../time.js'
import { attributesAt, present, UNREADABLE, type Reading, type Told } from '../told.js'
import { bindRepository, placeAttributes } from './subjects.js'

/**
 * One attempt of a run was requested, started or completed. The attempt is the workload; who triggered it stands beside it
 * and is never its identity.
 */
export function tellRun(reading: Reading): Told {
  const { body, action, groups } = reading
  const run = textAt(body, 'workflow_run.id')
  const attempt = joined(run, textAt(body, 'workflow_run.run_attempt'))
  if (run === undefined) return UNREADABLE
  groups.establish('attempt', 'ci-attempt', attempt)
  groups.establish('run', 'ci-run', run)
  if (action === 'completed') groups.end('attempt-end', 'ci-attempt', attempt)
  bindRepository(reading)
  groups.mention('initiator', 'person', textAt(body, 'workflow_run.triggering_actor.id'))
  return {
    kind: 'run-observed',
    fact: attempt === undefined || action === undefined ? undefined : `run:${attempt}:${action}`,
    attributes: { ...runAttributes(reading), ...placeAttributes(body) },
  }
}

function runAttributes({ body, action }: Reading): Told['attributes'] {
  return {
    ...attributesAt(body, {
      runId: 'workflow_run.id',
      initiator: 'workflow_run.triggering_actor.login',
      initiatorType: 'workflow_run.triggering_actor.type',
      conclusion: 'workflow_run.conclusion',
      event: 'workflow_run.event',
      workflowName: 'workflow_run.name',
      workflowPath: 'workflow_run.path',
      headBranch: 'workflow_run.head_branch',
      headSha: 'workflow_run.head_sha',
      runNumber: 'workflow_run.run_number',
    }),
    ...present({
      runAttempt: textAt(body, 'workflow_run.run_attempt'),
      // The run's creation is never later than the attempt's start.
      startsAt: firstInstant(body, ['workflow_run.run_started_at', 'workflow_run.created_at']),
      endsAt: action === 'completed' ? instantAt(body, 'workflow_run.updated_at') : undefined,
    }),
  }
}
