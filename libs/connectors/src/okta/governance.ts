import { credentialKey, type Attributes, type KeyGroup, type Target } from '@catena/domain'
import { keyGroup } from '../observation.js'
import { isUser, targetOf, type LogEvent } from './event.js'
import { callerOf, describes, groupOf, originOf, systemOf, type Context, type Told } from './facts.js'
import { DECISIONS } from './redact.js'

/** A credential that Okta holds was shown, created, changed or removed. */
export function credential(context: Context): Told {
  const { event } = context
  const app = targetOf(event, 'AppInstance')
  return {
    ...slotOf(context, placeOf(event)),
    groups: callerOf(context),
    attributes: {
      action: event.type.slice(event.type.lastIndexOf('.') + 1),
      callerOrigin: originOf(context),
      clientId: app?.id,
      clientName: app?.displayName,
      credentialName: targetOf(event, 'Token')?.displayName,
    },
  }
}

/** Container and path inside it. */
type Place = readonly [container: string, path: string]

function slotOf({ source }: Context, place: Place | undefined): { target?: Target } {
  if (place === undefined) return {}
  const [container, path] = place
  return { target: { system: systemOf(source), container, containerName: `${container}/`, path } }
}

function placeOf(event: LogEvent): Place | undefined {
  const app = targetOf(event, 'AppInstance')?.id ?? targetOf(event, 'PublicClientApp')?.id
  if (event.type.startsWith('system.api_token.')) {
    const token = targetOf(event, 'Token')?.id
    return token === undefined ? undefined : ['api-tokens', token]
  }
  if (app === undefined) return undefined
  const user = targetOf(event, 'AppUser')?.id
  if (event.type.endsWith('_password'))
    return user === undefined ? undefined : [`apps/${app}`, `users/${user}/password`]
  return [`apps/${app}`, 'credentials']
}

/** What Privileged Access keeps, by the type of the target that names it. */
const PRIVILEGED: readonly (readonly [type: string, container: string])[] = [
  ['Secret', 'pam/secrets'],
  ['Service Account', 'pam/service-accounts'],
  ['Server Account', 'pam/server-accounts'],
]

/** After these the slot holds another value, or none. That a secret was updated says of its name or of its value that it changed. */
const REPLACES = /^pam\.(?:secret\.(?:update|delete)|\w+\.password(?:\.update|_rotation\.end|_change\.update))$/

/** A secret or an account's password that Okta Privileged Access keeps was shown, used or changed. */
export function privileged(context: Context): Told {
  const { event } = context
  const place = PRIVILEGED.map(([type, container]): Place | undefined => {
    const id = targetOf(event, type)?.id
    return id === undefined ? undefined : [container, id]
  }).find((found) => found !== undefined)
  const slot = slotOf(context, place)
  const key = slot.target === undefined ? undefined : credentialKey(slot.target)
  const isReplaced = event.outcome === 'succeeded' && REPLACES.test(event.type)
  const kept = PRIVILEGED.map(([type]) => targetOf(event, type)?.displayName).find((name) => name !== undefined)
  return {
    ...slot,
    groups: [
      ...callerOf(context),
      ...(isReplaced ? keyGroup({ role: 'slot', verb: 'ends' }, key, context.record.position) : []),
    ],
    attributes: {
      action: event.type.slice('pam.'.length),
      callerOrigin: originOf(context),
      credentialName: targetOf(event, 'Secret Path')?.displayName ?? kept,
      project: targetOf(event, 'Project')?.displayName,
      versionsHidden: event.type === 'pam.secret.update' ? true : undefined,
    },
  }
}

const STEPS: readonly (readonly [RegExp, string])[] = [
  // One of those who are asked: the request goes on to the next until it is granted.
  [/\.approver\.approve$/, 'proposed approved'],
  [/\.(?:approve|grant)$/, 'approved'],
  [/\.(?:deny|reject)$/, 'denied'],
  [/\.(?:request|create)$/, 'requested'],
  [/\.(?:cancel|delete)$/, 'withdrawn'],
  [/\.expire$/, 'expired'],
]

const DECIDED = new Set(['proposed approved', 'approved', 'denied'])

/** A step of an access request, or a decision of an access certification, as Okta recorded it. */
export function approval(context: Context): Told {
  const { event } = context
  const user = targetOf(event, 'User')
  const app = targetOf(event, 'AppInstance')
  const step = STEPS.find(([pattern]) => pattern.test(event.type))?.[1]
  const isDecided = step !== undefined && DECIDED.has(step)
  return {
    groups: [
      ...callerOf(context),
      ...(user === undefined ? [] : describes(user, context)),
      ...(isDecided ? approverOf(context) : []),
    ],
    attributes: {
      step,
      approver: isDecided ? event.actor.alternateId : undefined,
      decision: Object.values(event.debug).find((value) => typeof value === 'string' && DECISIONS.has(value)),
      userId: user?.id,
      username: user?.alternateId,
      clientId: app?.id,
      clientName: app?.displayName,
    },
  }
}

function approverOf(context: Context): KeyGroup[] {
  const { actor } = context.event
  const draft = { role: 'approver', verb: 'presents', sideways: true } as const
  return groupOf(draft, 'person', isUser(actor) ? actor.id : undefined, context)
}

export function configuration(context: Context): Told {
  return { groups: callerOf(context), attributes: subjectOf(context.event) }
}

function subjectOf(event: LogEvent): Attributes {
  const [subject] = event.targets
  return { resourceType: subject?.type, resourceId: subject?.id, resourceName: subject?.displayName }
}
