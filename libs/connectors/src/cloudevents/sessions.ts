import { isObject, issuerScope, list, parseInstant, text, type Attributes, type Federation } from '@catena/domain'
import { objectOr } from '../parsing.js'
import { agentAttributes, agentNamespace, mentionPerson } from './parties.js'
import { presentRequest } from './requests.js'
import type { Context, Told } from './told.js'

/** An agent, a tool server or an account of an in-house system authenticated, and works under this session. */
export function session(context: Context): Told {
  const { name, groups, data, outcome } = context
  const id = text(objectOr(data.session).id)
  if (name === 'session.ended') {
    if (outcome === 'succeeded') groups.end('session', 'system-session', id)
    return { attributes: { reason: text(objectOr(data.session).reason) } }
  }
  const federation = federationOf(context)
  if (outcome === 'succeeded') establish(context, id, federation)
  return { attributes: { ...sessionAttributes(context), ...originOf(context, federation) } }
}

function establish(context: Context, id: string | undefined, federation: Federation | undefined): void {
  const { data, groups } = context
  const holder = objectOr(data.agent)
  groups.login('issued', 'system-session', id)
  groups.bind('holder', agentNamespace(holder), text(holder.id))
  groups.bind('account', 'account', text(objectOr(data.account).id))
  groups.present('caller', 'agent-call', text(data.parentCall))
  groups.mention('task', 'agent-task', text(objectOr(data.task).id))
  mentionPerson(context, 'sponsor', holder.sponsor)
  for (const [index, request] of list(data.requests).entries()) presentRequest(context, `request:${index}`, request)
  for (const [index, actor] of actorsIn(objectOr(data.delegation).act).slice(1).entries())
    groups.mention(`delegated:${index}`, 'agent', actor)
  const claims = objectOr(objectOr(data.onBehalfOf).claims)
  if (federation !== undefined) groups.claims(federation, (field) => own(claims, field))
}

/** The provider is a word of the event's owner; which issuer it means, the operator declares as the mount `<provider>/`. */
function federationOf({ data, source }: Context): Federation | undefined {
  return source.federations.find(({ mount }) => mount === mountOf(data))
}

function mountOf(data: Context['data']): string {
  return `${text(objectOr(data.onBehalfOf).provider) ?? 'default'}/`
}

function own(claims: ReturnType<typeof objectOr>, field: string): string | undefined {
  return Object.hasOwn(claims, field) ? text(claims[field]) : undefined
}

/** From where its authority comes: a call of another session, a person's sign-in, or nothing but its own credential. */
function originOf({ data, outcome }: Context, federation: Federation | undefined): Attributes {
  if (outcome !== 'succeeded') return {}
  if (text(data.parentCall) !== undefined) return { origin: 'delegated', delegated: true }
  if (!isObject(data.onBehalfOf)) return { origin: 'long-lived' }
  if (federation === undefined) return { origin: 'undeclared' }
  const { issuer, client, sessionMaxMs } = federation
  return { origin: 'federated', issuer: issuerScope(issuer.kind, issuer.scope), issuerClient: client, sessionMaxMs }
}

function sessionAttributes({ data, source }: Context): Attributes {
  const account = objectOr(data.account)
  const delegation = objectOr(data.delegation)
  const actors = actorsIn(delegation.act)
  const accountName = text(account.name) ?? text(account.id)
  return {
    ...agentAttributes(data.agent),
    accountName,
    sharedIdentity: source.sharedIdentities.some((prefix) => accountName?.startsWith(prefix)) ? accountName : undefined,
    displayName: text(objectOr(data.agent).name) ?? text(objectOr(data.agent).id) ?? accountName,
    mode: text(data.mode),
    task: text(objectOr(data.task).id),
    method: text(data.method),
    mountPoint: isObject(data.onBehalfOf) ? mountOf(data) : undefined,
    address: text(data.address),
    issuedUntil: parseInstant(text(objectOr(data.session).expiresAt)),
    delegatedSubject: text(delegation.sub),
    delegationTokenId: text(delegation.jti),
    actChain: actors.length === 0 ? undefined : actors,
    actorMismatch: actors.length > 0 && actors[0] !== text(objectOr(data.agent).id) ? true : undefined,
  }
}

/** Who acts now, then who acted before; RFC 8693 nests them in this order. */
function actorsIn(act: unknown): string[] {
  const actors: string[] = []
  for (let inner = objectOr(act); Object.keys(inner).length > 0; inner = objectOr(inner.act))
    actors.push(text(inner.sub) ?? 'unnamed')
  return actors
}
