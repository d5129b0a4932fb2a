import { seconds } from '../engine/time.js'
import { ORGANISATION, ORGANISATION_ID } from '../organisation/names.js'
import type { Person } from '../organisation/people.js'

/** One attempt of a run, as deliveries tell of it. */
export interface RunPart {
  readonly run: number
  readonly attempt: number
  readonly repositoryId: number
  /** Its name when the delivery was made. */
  readonly repositoryName: string
  readonly startedAt: number
  readonly by: Person
}

interface Delivery {
  readonly id: string
  readonly at: number
}

function account({ login, githubId }: Pick<Person, 'login' | 'githubId'>): string {
  return `{"login":"${login}","id":${githubId},"type":"User"}`
}

function place({ repositoryId, repositoryName }: Pick<RunPart, 'repositoryId' | 'repositoryName'>): string {
  const owner = `{"login":"${ORGANISATION}","id":${ORGANISATION_ID},"type":"Organization"}`
  return (
    `"repository":{"id":${repositoryId},"name":"${repositoryName.slice(ORGANISATION.length + 1)}","full_name":"${repositoryName}","private":true,"owner":${owner}},` +
    `"organization":{"login":"${ORGANISATION}","id":${ORGANISATION_ID}}`
  )
}

function delivered(event: string, { id, at }: Delivery, payload: string): string {
  return `{"delivered_at":"${seconds(at)}","headers":{"X-GitHub-Event":"${event}","X-GitHub-Delivery":"${id}"},"payload":{${payload}}}`
}

function runOf(part: RunPart, at: number, status: string, conclusion: string | null): string {
  return (
    `"workflow_run":{"id":${part.run},"name":"deploy","path":".github/workflows/deploy.yml","run_number":${part.run % 10_000},` +
    `"run_attempt":${part.attempt},"event":"push","status":"${status}","conclusion":${conclusion === null ? 'null' : `"${conclusion}"`},` +
    `"head_branch":"main","actor":${account(part.by)},"triggering_actor":${account(part.by)},` +
    `"created_at":"${seconds(part.startedAt)}","run_started_at":"${seconds(part.startedAt)}","updated_at":"${seconds(at)}"}`
  )
}

export function runLine(
  delivery: Delivery,
  part: RunPart,
  action: 'requested' | 'completed',
  conclusion: string | null,
): string {
  const status = action === 'completed' ? 'completed' : 'queued'
  const run = runOf(part, delivery.at, status, conclusion)
  return delivered('workflow_run', delivery, `"action":"${action}",${run},${place(part)},"sender":${account(part.by)}`)
}

export interface JobPart extends RunPart {
  readonly job: number
  readonly name: string
  readonly ranAt: number
  readonly environment?: string | undefined
}

export function jobLine(
  delivery: Delivery,
  part: JobPart,
  action: 'queued' | 'completed',
  conclusion: string | null,
): string {
  const isDone = action === 'completed'
  const deployment =
    part.environment === undefined ? '' : `"deployment":{"id":${part.job},"environment":"${part.environment}"},`
  const job =
    `"workflow_job":{"id":${part.job},"run_id":${part.run},"run_attempt":${part.attempt},"workflow_name":"deploy","name":"${part.name}",` +
    `"head_branch":"main","status":"${isDone ? 'completed' : 'queued'}","conclusion":${conclusion === null ? 'null' : `"${conclusion}"`},` +
    `"labels":["self-hosted","linux"],"runner_id":34,"runner_name":"runner-4","created_at":"${seconds(part.startedAt)}",` +
    `"started_at":"${seconds(isDone ? part.ranAt : part.startedAt)}","completed_at":${isDone ? `"${seconds(delivery.at)}"` : 'null'}}`
  return delivered('workflow_job', delivery, `"action":"${action}",${job},${deployment}${place(part)},"sender":${account(part.by)}`) // prettier-ignore
}

/** The decision of a reviewer on a job that waits for a protected environment. */
export function reviewLine(
  delivery: Delivery,
  part: RunPart,
  environment: string,
  action: 'requested' | 'approved',
  approver: Person,
): string {
  const who = action === 'approved' ? `"approver":${account(approver)}` : `"requestor":${account(part.by)}`
  const jobs = `"workflow_job_runs":[{"id":${part.run},"name":"deploy","status":"waiting","environment":"${environment}","created_at":"${seconds(part.startedAt)}","updated_at":"${seconds(delivery.at)}"}]`
  const sender = action === 'approved' ? approver : part.by
  return delivered('deployment_review', delivery, `"action":"${action}",${runOf(part, delivery.at, 'waiting', null)},"since":"${seconds(delivery.at)}","environment":"${environment}",${who},${jobs},${place(part)},"sender":${account(sender)}`) // prettier-ignore
}

/** A scanner found a secret in a repository. */
export function alertLine(
  delivery: Delivery,
  repository: Pick<RunPart, 'repositoryId' | 'repositoryName'>,
  number: number,
  action: 'created' | 'resolved',
  secretType: string,
): string {
  const state = action === 'created' ? '"state":"open","resolution":null' : '"state":"resolved","resolution":"revoked"'
  const alert = `"alert":{"number":${number},"secret_type":"${secretType}",${state},"validity":"active","publicly_leaked":true,"created_at":"${seconds(delivery.at)}","updated_at":"${seconds(delivery.at)}"}`
  return delivered('secret_scanning_alert', delivery, `"action":"${action}",${alert},${place(repository)},"sender":{"login":"github","id":9919,"type":"Organization"}`) // prettier-ignore
}

export interface AuditEntry {
  readonly id: string
  readonly at: number
  readonly action: string
  readonly repositoryId?: number
  readonly repositoryName?: string
  readonly by?: Person
  readonly more?: Readonly<Record<string, unknown>>
}

/** An entry of the organisation's audit log. */
export function entryLine({ id, at, action, repositoryId, repositoryName, by, more }: AuditEntry): string {
  return JSON.stringify({
    '@timestamp': at,
    created_at: at,
    _document_id: id,
    action,
    org: ORGANISATION,
    org_id: ORGANISATION_ID,
    ...(repositoryId === undefined ? {} : { repo: repositoryName, repo_id: repositoryId }),
    ...(by === undefined ? {} : { actor: by.login, actor_id: String(by.githubId), actor_is_bot: false }),
    ...more,
  })
}
