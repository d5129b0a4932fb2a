import { isObject, text, textAt, type JsonObject } from '@catena/domain'
import { folded, joined, type Groups } from '../groups.js'
import { attributesAt, type Reading } from '../told.js'

/** A run, attempt or job belongs to its repository for its life. */
export function bindRepository({ body, groups }: Reading): void {
  groups.bind('repository', 'repository', textAt(body, 'repository.id'))
  groups.bind('repository-name', 'repository-name', folded(textAt(body, 'repository.full_name')))
}

export function mentionRepository({ body, groups }: Reading): void {
  groups.mention('repository', 'repository', textAt(body, 'repository.id'))
  groups.mention('repository-name', 'repository-name', folded(textAt(body, 'repository.full_name')))
}

/** Environments are named per repository, without case. */
export function mentionEnvironment(
  { body, groups }: Reading,
  environment: string | undefined,
  role = 'environment',
): void {
  const name = joined(textAt(body, 'repository.full_name'), environment)
  groups.mention(role, 'environment', folded(name))
}

export function mentionRun({ body, groups }: Reading): void {
  const run = textAt(body, 'workflow_run.id')
  groups.mention('run', 'ci-run', run)
  groups.mention('attempt', 'ci-attempt', joined(run, textAt(body, 'workflow_run.run_attempt')))
}

/** Whose token or session did it, as GitHub authenticated it; the sender of a payload may be an app's bot. */
export function presentSender({ body, groups }: Reading): void {
  groups.present('caller', 'person', textAt(body, 'sender.id'))
}

export function mentionAccount(groups: Groups, role: string, account: unknown): void {
  groups.mention(role, 'person', isObject(account) ? text(account.id) : undefined)
}

export function placeAttributes(body: JsonObject): ReturnType<typeof attributesAt> {
  return attributesAt(body, {
    repositoryId: 'repository.id',
    repositoryName: 'repository.full_name',
    organization: 'organization.login',
  })
}

export function senderAttributes(body: JsonObject): ReturnType<typeof attributesAt> {
  return attributesAt(body, { caller: 'sender.login', callerType: 'sender.type' })
}
