import { list, text } from '@catena/domain'
import { objectOr } from '../parsing.js'
import { agentAttributes, agentNamespace, mentionPerson, systemOr } from './parties.js'
import type { Context, Told } from './told.js'

/** An agent or a tool server as its owner registers it: who answers for it, and under which other names it is known. */
export function agent(context: Context): Told {
  const { data, groups, name } = context
  const entry = objectOr(data.agent)
  groups.describe('holder', agentNamespace(entry), text(entry.id))
  for (const [index, identity] of list(entry.identities).entries()) {
    const { issuer, subject } = objectOr(identity)
    const scope = text(issuer) === undefined ? undefined : systemOr(issuer, '')
    if (scope !== undefined) groups.describe(`holder:${index}`, 'agent', text(subject), scope)
  }
  mentionPerson(context, 'sponsor', entry.sponsor)
  return {
    attributes: {
      ...agentAttributes(entry),
      mode: text(data.mode),
      created: name === 'agent.registered' ? true : undefined,
      deleted: name === 'agent.retired' ? true : undefined,
    },
  }
}
