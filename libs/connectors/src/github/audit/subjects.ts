import { textAt, type JsonObject } from '@catena/domain'
import { folded, joined, type Groups } from '../groups.js'
import { attributesAt, present, type Reading, type Told } from '../told.js'

type Person = readonly ['person' | 'person-name', string | undefined]

/** GitHub's user id; older exports have the login only. */
export function actorOf(body: JsonObject): Person {
  const id = textAt(body, 'actor_id')
  return id === undefined ? ['person-name', folded(textAt(body, 'actor'))] : ['person', id]
}

export function bindRepository({ body, groups }: Reading): void {
  groups.bind('repository', 'repository', textAt(body, 'repo_id'))
  groups.bind('repository-name', 'repository-name', folded(textAt(body, 'repo')))
}

export function mentionPlace({ body, groups }: Reading): void {
  groups.mention('repository', 'repository', textAt(body, 'repo_id'))
  groups.mention('repository-name', 'repository-name', folded(textAt(body, 'repo')))
  groups.mention('environment', 'environment', folded(joined(textAt(body, 'repo'), textAt(body, 'environment_name'))))
}

export function mentionRun({ body, groups }: Reading): void {
  const run = textAt(body, 'workflow_run_id')
  groups.mention('run', 'ci-run', run)
  groups.mention('attempt', 'ci-attempt', joined(run, textAt(body, 'run_attempt')))
}

/** Whoever GitHub authenticated, and the token that was used for it. */
export function presentCaller({ body, groups }: Reading): void {
  groups.present('caller', ...actorOf(body))
  groups.present('token', 'github-token', textAt(body, 'hashed_token'))
}

export function mentionToken(groups: Groups, body: JsonObject): void {
  groups.mention('token', 'github-token', textAt(body, 'hashed_token'))
}

/** Software is marked as such: an app's bot or an agent that acts in a person's name is no person. */
export function actorType(body: JsonObject): string | undefined {
  if (body.actor_is_agent === true) return 'Agent'
  if (body.actor_is_bot === true || textAt(body, 'actor')?.endsWith('[bot]') === true) return 'Bot'
  return body.actor_is_bot === false ? 'User' : undefined
}

export function actorAttributes(body: JsonObject, name: 'caller' | 'initiator' | 'approver'): Told['attributes'] {
  return present({ [name]: textAt(body, 'actor'), [`${name}Type`]: actorType(body) })
}

export function placeAttributes(body: JsonObject): Told['attributes'] {
  return {
    ...attributesAt(body, {
      repositoryId: 'repo_id',
      organizationId: 'org_id',
      repositoryName: 'repo',
      organization: 'org',
      enterprise: 'business',
      environment: 'environment_name',
    }),
  }
}

export function tokenAttributes(body: JsonObject): Told['attributes'] {
  return attributesAt(body, {
    tokenId: 'token_id',
    accessType: 'programmatic_access_type',
    tokenScopes: 'token_scopes',
  })
}
