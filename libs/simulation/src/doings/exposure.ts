import type { Repository } from '../organisation/repositories.js'
import { alertLine } from '../records/github.js'
import type { Noted } from '../records/journal.js'
import type { World } from '../world.js'

/** A scanner of the CI host found a key in a repository, or saw that it is dead. */
export function alert(
  world: World,
  { id: repositoryId, name }: Repository,
  number: number,
  action: 'created' | 'resolved',
): Noted {
  const id = world.chance.id()
  const at = world.clockOf('github', world.now)
  const line = alertLine({ id, at }, { repositoryId, repositoryName: name }, number, action, 'aws_access_key_id')
  const isSeen = world.journal.write('github-webhooks.jsonl', world.now, line)
  return { fact: `github:github.com:webhook:delivery:${id}`, isSeen }
}
