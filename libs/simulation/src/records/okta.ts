import { stamp } from '../engine/time.js'
import { ORGANISATION } from '../organisation/names.js'
import type { Person } from '../organisation/people.js'

export type OktaEventType =
  | 'user.session.start'
  | 'user.session.end'
  | 'user.authentication.sso'
  | 'user.lifecycle.create'
  | 'user.lifecycle.deactivate'
  | 'user.lifecycle.delete.completed'
  | 'group.user_membership.add'
  | 'group.user_membership.remove'

export interface OktaEvent {
  readonly id: string
  readonly at: number
  readonly type: OktaEventType
  readonly person: Person
  /** The person acts; without a session an administrator does. */
  readonly session?: string
  readonly address: string
  /** Name of the group that is joined or left, of the application that is opened. */
  readonly group?: string
  readonly application?: string
}

/** An event of the System Log as its API gives it. */
export function oktaLine(event: OktaEvent): string {
  const { id, at, type, person, session, address } = event
  const user = entity(person.id, 'User', person.email, person.username)
  const actor = session === undefined ? ADMINISTRATOR : user
  const targets = targetsOf(event, user)
  return (
    `{"uuid":"${id}","published":"${stamp(at)}","eventType":"${type}","version":"0","severity":"INFO","actor":${actor},` +
    `"client":{"zone":"null","device":"Computer","id":null,"ipAddress":"${address}"},` +
    `"authenticationContext":{"authenticationStep":0,"externalSessionId":"${session ?? ADMINISTRATORS_SESSION}"},` +
    `"outcome":{"result":"SUCCESS"},"target":${targets.length === 0 ? 'null' : `[${targets.join(',')}]`},` +
    `"transaction":{"type":"WEB","id":"${id}","detail":{}},"debugContext":{"debugData":{"requestId":"${id}"}}}`
  )
}

function targetsOf({ session, group, application }: OktaEvent, user: string): string[] {
  if (application !== undefined) return [entity(`0oa${application}`, 'AppInstance', application, application)]
  if (session !== undefined) return []
  return group === undefined ? [user] : [user, entity(`00g${group}`, 'UserGroup', 'unknown', group)]
}

function entity(id: string, type: string, alternateId: string, displayName: string): string {
  return `{"id":"${id}","type":"${type}","alternateId":"${alternateId}","displayName":"${displayName}"}`
}

const ADMINISTRATOR = entity('00uadministrator0001', 'User', `okta-admin@${ORGANISATION}.example`, 'Okta Admin')
const ADMINISTRATORS_SESSION = '102administratorsession01'
