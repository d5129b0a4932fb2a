import { at, isObject, list, textAt, type Attributes, type JsonObject, type Outcome } from '@catena/domain'
import { detailOf, rolesOf, targetOf, valueOf } from './audit-body.js'
import { idAt } from './record.js'
import type { Context, Told } from './told.js'

const STEPS: readonly (readonly [RegExp, string])[] = [
  [/request approved|^approve /, 'approved'],
  [/request denied|^deny /, 'rejected'],
  [/cancell?ed|^cancel /, 'cancelled'],
  [/expired|^expire /, 'expired'],
  [/approval requested/, 'approval requested'],
  [/requested|^(?:create|request) /, 'requested'],
  [/completed \(pim activation\)/, 'activated'],
  [/completed \(pim deactivate\)/, 'deactivated'],
  [/completed|^(?:fulfill|apply) /, 'completed'],
]

function decisionOf(name: string): string | undefined {
  return STEPS.find(([pattern]) => pattern.test(name))?.[1]
}

/** One step of privileged access; its request's id is in all of them. Whoever starts a step approves in one and asks in others. */
export function tellPrivilege(context: Context, name: string, outcome: Outcome): Partial<Told> {
  const { body, groups } = context
  const request = detailOf(body, 'RequestId') ?? textAt(targetOf(body, 'Request'), 'id')
  const decision = decisionOf(name)
  const role = detailOf(body, 'TemplateId') ?? detailOf(body, 'RoleDefinitionOriginId') ?? valueOf(body, 'Role.TemplateId')
  groups.mention('request', 'request-id', request?.toLowerCase())
  groups.mention('group', 'group', role === undefined ? undefined : `role/${role.toLowerCase()}`)
  mentionDecider(context, decision)
  return {
    ...(decision === 'rejected' && outcome === 'succeeded' ? { outcome: 'denied' as const } : {}),
    attributes: {
      decision,
      requestId: request,
      ...deciderOf(body, decision),
      userId: textAt(targetOf(body, 'User'), 'id'),
      username: textAt(targetOf(body, 'User'), 'userPrincipalName'),
      roles: rolesOf(body),
      roleTemplateId: role,
      eligible: name.includes('eligible') ? true : undefined,
      windowFrom: detailOf(body, 'StartTime'),
      windowTo: detailOf(body, 'ExpirationTime'),
      ticket: detailOf(body, 'TicketNumber'),
    },
  }
} // prettier-ignore

function mentionDecider({ body, groups }: Context, decision: string | undefined): void {
  const role = decision === 'approved' || decision === 'rejected' ? 'approver' : 'requester'
  groups.mention(role, 'person', idAt(body, 'initiatedBy.user.id'))
  const user = targetOf(body, 'User')
  if (role === 'approver') groups.mention('requester', 'person', isObject(user) ? idAt(user, 'id') : undefined)
}

function deciderOf(body: JsonObject, decision: string | undefined): Attributes {
  const name = textAt(body, 'initiatedBy.user.userPrincipalName') ?? textAt(body, 'initiatedBy.user.displayName')
  const isBot = isObject(at(body, 'initiatedBy.app')) && !isObject(at(body, 'initiatedBy.user'))
  const who = name ?? textAt(body, 'initiatedBy.app.displayName')
  return decision === 'approved' || decision === 'rejected' ? { approver: who, approverType: isBot ? 'application' : 'user' } : { requester: who }
} // prettier-ignore

export function tellApproval(context: Context, name: string): Partial<Told> {
  const { body } = context
  const decision = decisionOf(name)
  mentionDecider(context, decision)
  return {
    ...(decision === 'rejected' ? { outcome: 'denied' as const } : {}),
    attributes: {
      decision,
      ...deciderOf(body, decision),
      userId: textAt(targetOf(body, 'User'), 'id'),
      resourceName: textAt(list(body.targetResources)[0], 'displayName'),
    },
  }
}
