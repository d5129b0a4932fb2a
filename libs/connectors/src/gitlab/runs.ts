import { textAt, type Attributes, type JsonObject } from '@catena/domain'
import { firstInstant } from './time.js'
import { UNREADABLE, type Reading, type Told } from './told.js'

/** A pipeline is the run. Its jobs can be run again when it is over, so it has no end of its own. */
export function tellPipeline(reading: Reading): Told {
  const { body, groups } = reading
  const pipeline = textAt(body, 'object_attributes.id')
  if (pipeline === undefined) return UNREADABLE
  const user = textAt(body, 'user.id')
  groups.login('run', 'ci-run', pipeline)
  bindProject(reading)
  groups.mention('initiator', 'person', user)
  mentionUpstream(reading)
  const status = textAt(body, 'object_attributes.status')
  const finished = textAt(body, 'object_attributes.finished_at')
  return {
    kind: 'run-observed',
    fact: status === undefined ? undefined : `pipeline:${pipeline}:${status}:${finished ?? '-'}:${user ?? '-'}`,
    attributes: {
      runId: pipeline,
      conclusion: status,
      event: textAt(body, 'object_attributes.source'),
      headBranch: textAt(body, 'object_attributes.ref'),
      headSha: textAt(body, 'object_attributes.sha'),
      startsAt: firstInstant(body, ['object_attributes.created_at']),
      initiator: textAt(body, 'user.username'),
      ...projectAttributes(body),
    },
  }
}

/** Before its start a job holds no token: it is named, and exists for the walk once it ran. */
export function tellJob(reading: Reading): Told {
  const { body, groups } = reading
  const job = textAt(body, 'build_id')
  if (job === undefined) return UNREADABLE
  const startsAt = firstInstant(body, ['build_started_at'])
  const user = textAt(body, 'user.id')
  const status = textAt(body, 'build_status')
  if (startsAt === undefined) groups.mention('attempt', 'ci-job', job)
  else tellRunningJob(reading, job)
  groups.mention('initiator', 'person', user)
  mentionUpstream(reading)
  mentionEnvironment(reading, textAt(body, 'environment.name'))
  return {
    kind: 'job-observed',
    fact: status === undefined ? undefined : `job:${job}:${status}:${user ?? '-'}`,
    attributes: {
      jobId: job,
      runId: textAt(body, 'pipeline_id'),
      jobName: textAt(body, 'build_name'),
      stage: textAt(body, 'build_stage'),
      conclusion: status,
      headBranch: textAt(body, 'ref'),
      headSha: textAt(body, 'sha'),
      runnerId: textAt(body, 'runner.id'),
      environment: textAt(body, 'environment.name'),
      environmentAction: textAt(body, 'environment.action'),
      startsAt,
      endsAt: firstInstant(body, ['build_finished_at']),
      initiator: textAt(body, 'user.username'),
      ...projectAttributes(body),
    },
  }
}

function tellRunningJob(reading: Reading, job: string): void {
  const { body, groups } = reading
  groups.login('attempt', 'ci-job', job)
  groups.login('run', 'ci-run', textAt(body, 'pipeline_id'))
  if (firstInstant(body, ['build_finished_at']) !== undefined) groups.end('attempt-end', 'ci-job', job)
  bindProject(reading)
}

/** Carried out by a job; where its environment is protected, it is the deployment that people approve. */
export function tellDeployment(reading: Reading): Told {
  const { body, groups } = reading
  const deployment = textAt(body, 'deployment_id')
  if (deployment === undefined) return UNREADABLE
  groups.mention('deployment', 'deployment', deployment)
  groups.mention('job', 'ci-job', textAt(body, 'deployable_id'))
  groups.mention('initiator', 'person', textAt(body, 'user.id'))
  mentionEnvironment(reading, textAt(body, 'environment'))
  const status = textAt(body, 'status')
  const changed = textAt(body, 'status_changed_at')
  return {
    kind: 'operation',
    fact: status === undefined || changed === undefined ? undefined : `deployment:${deployment}:${status}:${changed}`,
    attributes: {
      deploymentId: deployment,
      deploymentState: status,
      jobId: textAt(body, 'deployable_id'),
      environment: textAt(body, 'environment'),
      environmentTier: textAt(body, 'environment_tier'),
      headBranch: textAt(body, 'ref'),
      initiator: textAt(body, 'user.username'),
      ...projectAttributes(body),
    },
  }
}

/** A run or job belongs to its project for its life. */
function bindProject({ body, groups }: Reading): void {
  groups.bind('repository', 'repository', projectIdOf(body))
  groups.bind('repository-name', 'repository-name', textAt(body, 'project.path_with_namespace')?.toLowerCase())
}

function projectIdOf(body: JsonObject): string | undefined {
  return textAt(body, 'project.id') ?? textAt(body, 'project_id')
}

/** The job of another pipeline that set this one off. */
function mentionUpstream({ body, groups }: Reading): void {
  groups.mention('upstream-job', 'ci-job', textAt(body, 'source_pipeline.job_id'))
  groups.mention('upstream-run', 'ci-run', textAt(body, 'source_pipeline.pipeline_id'))
}

function mentionEnvironment({ body, groups }: Reading, name: string | undefined): void {
  const project = textAt(body, 'project.path_with_namespace')
  if (name !== undefined && project !== undefined)
    groups.mention('environment', 'environment', `${project}/${name}`.toLowerCase())
}

function projectAttributes(body: JsonObject): Attributes {
  return { repositoryId: projectIdOf(body), repositoryName: textAt(body, 'project.path_with_namespace') }
}
