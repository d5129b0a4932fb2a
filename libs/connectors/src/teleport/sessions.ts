import { issuerScope, list, text, type Attributes, type Target } from '@catena/domain'
import { named, textsIn } from '../parsing.js'
import { sessionName } from './logins.js'
import type { Context, Told } from './told.js'

/** Teleport used an account of a target in somebody's name: a host's login, a database's user, a desktop's. */
export function session(context: Context): Told {
  const { payload, groups, outcome } = context
  presentCaller(context)
  for (const [index, id] of list(payload.access_requests).entries())
    groups.mention(`request:${index}`, 'access-request', text(id))
  if (outcome === 'succeeded') groups.login('opened-session', 'system-session', text(payload.sid))
  return { target: targetOf(context), attributes: sessionAttributes(context) }
}

/** A bot by its instance, whose joining is on record; a person by the account. */
export function presentCaller({ payload, groups }: Context): void {
  const instance = named(payload.bot_instance_id)
  if (instance !== undefined) groups.present('caller', 'system-session', sessionName(true, instance))
  else groups.present('caller', 'account', named(payload.user))
}

function sessionAttributes({ payload }: Context): Attributes {
  const roles = textsIn(payload.user_roles).sort()
  return {
    sessionId: text(payload.sid),
    hostName: text(payload.server_hostname),
    database: text(payload.db_name),
    protocol: text(payload.db_protocol) ?? text(payload.proto),
    secondFactor: text(payload.private_key_policy),
    grantedBy: roles.length === 0 ? undefined : roles.map((role) => `role ${role}`),
  }
}

/** The account at the target, by the id of the target where Teleport gives one. */
function targetOf({ payload, source }: Context): Target | undefined {
  const system = issuerScope(source.kind, source.scope)
  const place = placeOf(payload)
  if (place === undefined) return undefined
  const [container, path] = place
  return { system, container, containerName: `${container}/`, path }
}

function placeOf(payload: Context['payload']): readonly [string, string] | undefined {
  const [database, app, cluster] = [payload.db_service, payload.app_name, payload.kubernetes_cluster].map(text)
  if (database !== undefined) return [`databases/${database}`, `users/${text(payload.db_user) ?? '*'}`]
  if (app !== undefined) return [`apps/${app}`, 'access']
  if (cluster !== undefined) return [`kubernetes/${cluster}`, 'access']
  const desktop = text(payload.desktop_name)
  if (desktop !== undefined) return [`desktops/${desktop}`, `users/${text(payload.windows_user) ?? '*'}`]
  const server = text(payload.server_id)
  return server === undefined ? undefined : [`hosts/${server}`, `logins/${text(payload.login) ?? '*'}`]
}

export function sessionEnd({ payload, groups, outcome }: Context): Told {
  if (outcome === 'succeeded') groups.end('session', 'system-session', text(payload.sid))
  return { attributes: { sessionId: text(payload.sid) } }
}

/** What was done in a session; `ei` counts its events. */
export function inside(context: Context): Told {
  const { payload, groups } = context
  const sid = text(payload.sid)
  if (sid === undefined) presentCaller(context)
  else groups.present('caller', 'system-session', sid)
  return {
    attributes: {
      sessionId: sid,
      eventIndex: typeof payload.ei === 'number' ? payload.ei : undefined,
      delegated: sid === undefined ? undefined : true,
    },
  }
}
