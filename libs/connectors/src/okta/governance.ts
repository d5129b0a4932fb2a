import type { Attributes, KeyGroup, Target } from '@catena/domain'
import { isUser, targetOf, type LogEvent } from './event.js'
import { callerOf, describes, groupOf, systemOf, type Context, type Told } from './facts.js'
import { DECISIONS } from './redact.js'

/** A credential that Okta holds was shown, created, changed or removed. */
export function credential(context: Context): Told {
  const { event } = context
  const path = pathOf(event)
  const target: Target | undefined = path === undefined ? undefined : { system: systemOf(context.source), path }
  const app = targetOf(event, 'AppInstance')
  return {
    ...(target === undefined ? {} : { target }),
    groups: callerOf(context),
    attributes: {
      action: event.type.slice(event.type.lastIndexOf('.') + 1),
      clientId: app?.id,
      clientName: app?.displayName,
      credentialName: targetOf(event, 'Token')?.displayName,
    },
  }
}

function pathOf(event: LogEvent): string | undefined {
  const app = targetOf(event, 'AppInstance')?.id ?? targetOf(event, 'PublicClientApp')?.id
  if (event.type.startsWith('system.api_token.')) {
    const token = targetOf(event, 'Token')?.id
    return token === undefined ? undefined : `api-tokens/${token}`
  }
  if (app === undefined) return undefined
  const user = targetOf(event, 'AppUser')?.id
  if (event.type.endsWith('_password')) return user === undefined ? undefined : `apps/${app}/users/${user}/password`
  return `apps/${app}/credentials`
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
