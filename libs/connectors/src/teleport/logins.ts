import { issuerScope, list, parseInstant, text, type Attributes } from '@catena/domain'
import { named, objectOr, textsIn } from '../parsing.js'
import { claimIn, federationOf, mountOf } from './federation.js'
import type { Context, Told } from './told.js'

/** Somebody signed in, or a bot joined. Teleport gives sign-ins no id of their own: that of the event stands for it. */
export function login({ payload, groups, source, outcome, event }: Context): Told {
  const federation = federationOf(payload, source)
  const isBot = event === 'bot.join'
  if (outcome === 'succeeded') {
    const instance = named(payload.bot_instance_id)
    const id = isBot ? instance : text(payload.uid)
    groups.login('issued', 'system-session', id === undefined ? undefined : sessionName(isBot, id))
    groups.bind('account', 'account', accountOf(isBot, payload))
    if (federation !== undefined) groups.claims(federation, (field) => claimIn(payload.attributes, field))
  }
  const { method } = payload
  const isOwn = method === 'local' || method === 'token'
  const origin = isOwn ? 'long-lived' : 'undeclared'
  const mfa = text(objectOr(payload.mfa_device).mfa_device_type)
  return {
    attributes: {
      method: text(method),
      mountPoint: isOwn || text(method) === undefined ? undefined : mountOf(payload),
      mfa,
      accountName: accountOf(isBot, payload),
      origin: outcome !== 'succeeded' ? undefined : federation === undefined ? origin : 'federated',
      issuer: federation === undefined ? undefined : issuerScope(federation.issuer.kind, federation.issuer.scope),
      issuerClient: federation?.client,
      sessionMaxMs: federation?.sessionMaxMs,
    },
  }
}

export function sessionName(isBot: boolean, id: string): string {
  return `${isBot ? 'bot' : 'login'}/${id}`
}

function accountOf(isBot: boolean, { user, bot_name: bot }: Context['payload']): string | undefined {
  return isBot ? (named(bot) === undefined ? undefined : `bot-${named(bot) ?? ''}`) : named(user)
}

/** A certificate was made for whom Teleport knew already. Its record names no id of it, only until when it lasts. */
export function certificate({ payload, groups }: Context): Told {
  const identity = objectOr(payload.identity)
  const user = named(identity.user) ?? named(payload.user)
  const instance = named(identity.bot_instance_id)
  if (instance !== undefined) groups.present('caller', 'system-session', sessionName(true, instance))
  else groups.present('caller', 'account', user)
  for (const [index, id] of list(identity.access_requests).entries())
    groups.mention(`request:${index}`, 'access-request', text(id))
  return { attributes: { displayName: user, ...certificateAttributes(identity) } }
}

function certificateAttributes(identity: Context['payload']): Attributes {
  const database = objectOr(identity.route_to_database)
  return {
    issuedTokenType: 'certificate',
    issuedUntil: parseInstant(text(identity.expires)),
    roles: textsIn(identity.roles).sort(),
    impersonator: text(identity.impersonator),
    database: text(database.service_name),
    databaseUser: text(database.username),
  }
}
