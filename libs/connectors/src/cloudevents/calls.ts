import { text, type Attributes, type JsonObject } from '@catena/domain'
import { objectOr } from '../parsing.js'
import { agentAttributes, agentNamespace, isPerson, mentionPerson, nameOfPerson } from './parties.js'
import type { Context, Told } from './told.js'

/** An agent had a tool server do something. The call may be what other sessions and retrievals come through. */
export function call(context: Context): Told {
  const { data, groups, outcome } = context
  const session = text(objectOr(data.session).id)
  const parent = text(data.parentCall)
  const agent = objectOr(data.agent)
  groups.present('caller', 'system-session', session)
  if (session === undefined) groups.present('caller', 'agent-call', parent)
  else groups.mention('parent', 'agent-call', parent)
  if (outcome !== 'denied') groups.handOver('issued', 'agent-call', text(objectOr(data.call).id))
  groups.mention('agent', agentNamespace(agent), text(agent.id))
  groups.mention('tool-server', 'tool-server', text(objectOr(objectOr(data.tool).server).id))
  groups.mention('task', 'agent-task', text(objectOr(data.task).id))
  mentionPerson(context, 'confirmer', objectOr(data.confirmation).by)
  return { attributes: callAttributes(data, session, parent) }
}

function callAttributes(data: JsonObject, session: string | undefined, parent: string | undefined): Attributes {
  const tool = objectOr(data.tool)
  const server = objectOr(tool.server)
  const agent = objectOr(data.agent)
  const { policy, result, id } = objectOr(data.decision)
  return {
    ...agentAttributes(agent),
    displayName: text(agent.name) ?? text(agent.id),
    delegated: session === undefined && parent !== undefined ? true : undefined,
    callerOrigin: session === undefined && parent === undefined ? 'unrecorded' : undefined,
    parentCall: parent,
    tool: text(tool.name),
    toolServer: text(server.name) ?? text(server.id),
    action: text(data.action),
    task: text(objectOr(data.task).id),
    address: text(data.address),
    decision: text(result),
    decisionId: text(id),
    grantedBy: result === 'allowed' && text(policy) !== undefined ? [text(policy) ?? ''] : undefined,
    ...crossingOf(data),
  }
}

/**
 * Whether the call left its trust boundary, and whether a person agreed to it. What the event does not say of a confirmation is no
 * confirmation, and neither is one by software.
 */
function crossingOf(data: JsonObject): Attributes {
  const boundary = objectOr(data.boundary)
  const [from, to] = [text(boundary.from), text(boundary.to)]
  const crosses = from !== undefined && to !== undefined && from !== to
  const confirmation = confirmationIn(data)
  const privileged = typeof data.privileged === 'boolean' ? data.privileged : undefined
  return {
    privileged,
    boundaryFrom: from,
    boundaryTo: to,
    crossesBoundary: crosses ? true : undefined,
    confirmation,
    confirmedBy: nameOfPerson(objectOr(data.confirmation).by),
    unconfirmedCrossing: privileged === true && crosses && confirmation !== 'by a person' ? true : undefined,
  }
}

function confirmationIn(data: JsonObject): string {
  const { decision, by } = objectOr(data.confirmation)
  if (decision === 'refused') return 'refused'
  if (decision === 'none') return 'none'
  if (decision !== 'confirmed') return 'not recorded'
  return isPerson(by) ? 'by a person' : 'by software'
}
