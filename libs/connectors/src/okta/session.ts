import { text, textAt, type KeyGroup } from '@catena/domain'
import { isUser, targetOf, type LogEvent } from './event.js'
import { callerOf, groupOf, namesOf, type Context, type Told } from './facts.js'

/** Someone signed in: the session exists from here on. */
export function login(context: Context): Told {
  const { event } = context
  if (event.outcome !== 'succeeded') return { groups: claims(context), attributes: usernameOf(event) }
  const person = isUser(event.actor) ? event.actor : undefined
  const names = person && namesOf(person, ['person', 'person-email', 'person-name'], 'binds', context)
  const session = { role: 'session', verb: 'establishes', by: 'login' } as const
  return {
    groups: [...groupOf(session, 'idp-session', event.sessionId, context), ...(names ?? [])],
    attributes: usernameOf(event),
  }
}

/** The holder's sign-out ends one session; an administrator's clearing ends all sessions of the user it names. */
export function logout(context: Context): Told {
  const { event } = context
  if (event.outcome !== 'succeeded') return { groups: callerOf(context) }
  if (event.type !== 'user.session.clear')
    return { groups: groupOf({ role: 'session', verb: 'ends' }, 'idp-session', event.sessionId, context) }
  const user = targetOf(event, 'User')
  return {
    groups: [...groupOf({ role: 'person', verb: 'ends' }, 'person', user?.id, context), ...callerOf(context)],
    attributes: { userId: user?.id, allSessions: true },
  }
}

/** Something came through a session or, at the token endpoint, through a client in a person's name. */
export function throughSession(context: Context): Told {
  const { event } = context
  const subject = event.actor.type === 'PublicClientApp' ? targetOf(event, 'User') : undefined
  return {
    ...(isCodeExchange(event) ? { kind: 'code-exchanged' as const } : {}),
    groups: isUnfinished(event)
      ? claims(context)
      : [...callerOf(context), ...groupOf({ role: 'person', verb: 'presents' }, 'person', subject?.id, context)],
    attributes: {
      ...clientOf(event),
      ...usernameOf(event),
      grantType: text(event.debug.grantType),
      scopes: text(event.debug.grantedScopes),
      decision: event.type.startsWith('policy.evaluate') ? event.result : undefined,
      impersonation: event.type.startsWith('user.session.impersonation.') ? true : undefined,
    },
  }
}

/** A step of sign-in that failed, or that a policy still questions, authenticated nobody. */
function isUnfinished(event: LogEvent): boolean {
  if (event.type.startsWith('policy.evaluate')) return event.result !== 'ALLOW'
  return event.type.startsWith('user.authentication.') && event.outcome !== 'succeeded'
}

/** One exchange writes an event per token it yields; the access token's stands for it. */
function isCodeExchange(event: LogEvent): boolean {
  const isGrant = /^app\.oauth2(?:\.as)?\.token\.grant(?:\.access_token)?$/.test(event.type)
  return isGrant && event.debug.grantType === 'authorization_code'
}

function clientOf(event: LogEvent): { clientId: string | undefined; clientName: string | undefined } {
  const app = targetOf(event, 'AppInstance') ?? (event.actor.type === 'PublicClientApp' ? event.actor : undefined)
  return { clientId: app?.id ?? textAt(event.payload, 'client.id'), clientName: app?.displayName }
}

function usernameOf(event: LogEvent): { userId: string | undefined; username: string | undefined } {
  const user = isUser(event.actor) ? event.actor : undefined
  return { userId: user?.id, username: user?.alternateId }
}

/** Nobody authenticated: whom the request named is a hint. */
function claims(context: Context): KeyGroup[] {
  const { actor, sessionId } = context.event
  const claimed = { verb: 'presents', trust: 'claimed' } as const
  const userId = isUser(actor) ? actor.id : undefined
  return [
    ...groupOf({ role: 'claimed-person', ...claimed }, 'person', userId, context),
    ...groupOf({ role: 'claimed-session', ...claimed }, 'idp-session', sessionId, context),
  ]
}
