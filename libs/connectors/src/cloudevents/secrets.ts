import { text, type ActivityKind, type Attributes, type JsonObject, type Target } from '@catena/domain'
import { named, objectOr } from '../parsing.js'
import { systemOr } from './parties.js'
import { presentRequest } from './requests.js'
import type { Context, Told } from './told.js'

const CHANGES: ReadonlyMap<string, ActivityKind> = new Map([
  ['written', 'secret-written'],
  ['rotated', 'secret-written'],
  ['deleted', 'secret-deleted'],
  ['destroyed', 'secret-destroyed'],
  ['restored', 'secret-restored'],
])

/** A secret of the event's own system was obtained, used or changed. */
export function secret(context: Context): Told {
  const { data, groups, name, system, outcome } = context
  const target = ownTarget(data.credential, system)
  presentCaller(context)
  presentRequest(context, 'request', data.request)
  const change = name === 'secret.changed' ? (CHANGES.get(text(data.action) ?? '') ?? 'operation') : undefined
  if (change !== undefined && change !== 'operation' && outcome === 'succeeded') groups.endSlot(target)
  return {
    target,
    ...(change === undefined ? {} : { kind: change }),
    attributes: { ...secretAttributes(context), ...versionIn(target, change) },
  }
}

/** The call where the event names one: it tells more than the session that the call was made in. */
function presentCaller({ data, groups }: Context): void {
  const call = named(objectOr(data.call).id)
  const session = named(objectOr(data.session).id)
  if (call !== undefined) {
    groups.present('caller', 'agent-call', call)
    groups.mention('session', 'system-session', session)
  } else if (session !== undefined) groups.present('caller', 'system-session', session)
  else if (isLongLived(data)) groups.present('caller', 'account', named(objectOr(data.account).id))
  groups.mention('account', 'account', named(objectOr(data.account).id))
}

function secretAttributes({ data, source }: Context): Attributes {
  const account = objectOr(data.account)
  const accountName = named(account.name) ?? named(account.id)
  const call = named(objectOr(data.call).id)
  const isThrough = call !== undefined || named(objectOr(data.session).id) !== undefined
  return {
    address: text(data.address),
    action: text(data.action),
    displayName: accountName,
    accountName,
    sharedIdentity: source.sharedIdentities.some((prefix) => accountName?.startsWith(prefix)) ? accountName : undefined,
    delegated: call === undefined ? undefined : true,
    callerOrigin: isThrough ? undefined : isLongLived(data) ? 'long-lived' : 'unrecorded',
    grantedBy: policiesIn(data),
    credentialKind: text(objectOr(data.credential).kind),
  }
}

/** What is deleted, destroyed or brought back is the version that is named, and no other. */
function versionIn(target: Target | undefined, change: ActivityKind | undefined): Attributes {
  const version = target?.version
  const isOfVersions = change !== undefined && OF_VERSIONS.has(change)
  return isOfVersions && version !== undefined ? { versions: [version] } : { version }
}

const OF_VERSIONS: ReadonlySet<ActivityKind> = new Set(['secret-deleted', 'secret-destroyed', 'secret-restored'])

/** An account that is not named is nobody's, so its secret leads nowhere. */
function isLongLived({ account }: JsonObject): boolean {
  const { id, credential } = objectOr(account)
  return credential === 'long-lived' && named(id) !== undefined
}

function policiesIn({ policies }: JsonObject): string[] | undefined {
  const named = Array.isArray(policies) ? policies.map(text).filter((one) => one !== undefined) : []
  return named.length === 0 ? undefined : named.sort()
}

/** What a system says of its own secrets only: those of others have records of their own. */
function ownTarget(value: unknown, system: string): Target | undefined {
  const target = targetIn(value, system)
  return target?.system === system ? target : undefined
}

/** The slot of a credential, of the system that it names, else of the event's own. */
export function targetIn(value: unknown, ownSystem: string): Target | undefined {
  const credential = objectOr(value)
  const [path, container] = [text(credential.path), text(credential.container)]
  const system = systemOr(credential.system, ownSystem)
  if (path === undefined || system === undefined) return undefined
  return {
    system,
    ...(container === undefined ? {} : { container, containerName: `${container}/` }),
    path,
    ...(typeof credential.version === 'number' ? { version: credential.version } : {}),
  }
}
