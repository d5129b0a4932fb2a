import { isObject, list, parseInstant, text, type Attributes } from '@catena/domain'
import { textsIn } from '../parsing.js'
import type { Context, Told } from './told.js'

/** A step of an access request. A review that agrees approves it only once the request's own state says so. */
export function request({ payload, groups, event }: Context): Told {
  groups.mention('request', 'access-request', text(payload.id))
  const approver = text(payload.reviewer) ?? text(payload.delegator) ?? text(payload.updated_by)
  const requester = text(payload.user)
  const isStep = event !== 'access_request.create'
  groups.mention('requester', 'account', event === 'access_request.create' ? requester : undefined)
  if (isStep) groups.mention('approver', 'account', approver)
  return { attributes: { ...attributesOf(payload), ...decided(event, payload, isStep ? approver : undefined) } }
}

function attributesOf(payload: Context['payload']): Attributes {
  const resources = list(payload.resource_ids).filter(isObject).map(resourceName)
  return {
    requestId: text(payload.id),
    roles: textsIn(payload.roles).sort(),
    resources: resources.length === 0 ? undefined : resources.sort(),
    validFrom: instantOf(payload.assume_start_time),
    validUntil: instantOf(payload.max_duration),
  }
}

function resourceName({ cluster, kind, name }: Context['payload']): string {
  return [cluster, kind, name].map((part) => text(part) ?? '').join('/')
}

/** Teleport writes the year 1 for a time that is not set. */
function instantOf(value: unknown): number | undefined {
  const instant = parseInstant(text(value))
  return instant === undefined || instant < 0 ? undefined : instant
}

const STATES: ReadonlyMap<string, string> = new Map([
  ['PENDING', 'requested'],
  ['APPROVED', 'approved'],
  ['DENIED', 'denied'],
  ['PROMOTED', 'promoted'],
])

function decided(event: string, payload: Context['payload'], approver: string | undefined): Attributes {
  const state = STATES.get(text(payload.state) ?? '')
  const proposed = STATES.get(text(payload.proposed_state) ?? '')
  const isReview = event === 'access_request.review'
  const counted = isReview && proposed !== state ? `proposed ${proposed ?? 'nothing'}` : state
  return {
    decision: event.endsWith('.delete') ? 'deleted' : event.endsWith('.expire') ? 'expired' : counted,
    approver,
    approvedBySoftware: approver !== undefined && SOFTWARE.test(approver) ? true : undefined,
    submittedBy: text(payload.submitted_by),
  }
}

/** Names that Teleport keeps for itself and for its plugins: the one that approves by rule, and bots. */
const SOFTWARE = /^(?:@|bot-|teleport-access-approval-bot$|system$)|^(?:pagerduty|opsgenie|servicenow|jira|slack):/
