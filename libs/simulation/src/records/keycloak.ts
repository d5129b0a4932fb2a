import { ORGANISATION } from '../organisation/names.js'
import type { Person } from '../organisation/people.js'

const REALM = '39c5d6f1-dfa7-4be7-b6b4-479a686f663c'
const ADMINISTRATOR = 'de914e11-8b0a-4d62-9f84-3ccd688c98ee'

export interface UserEvent {
  readonly id: string
  readonly at: number
  readonly type: 'LOGIN' | 'LOGOUT' | 'CODE_TO_TOKEN'
  readonly client: string
  readonly person: Person
  readonly session: string
  readonly address: string
}

export function userEventLine({ id, at, type, client, person, session, address }: UserEvent): string {
  const details =
    type === 'LOGIN'
      ? `"auth_method":"openid-connect","auth_type":"code","code_id":"${session}","username":"${person.username}","acr":"2"`
      : type === 'CODE_TO_TOKEN'
        ? `"grant_type":"authorization_code","token_id":"onrtac:${id}","code_id":"${session}","client_auth_method":"client-secret"`
        : `"redirect_uri":"https://portal.${ORGANISATION}.example/"`
  return (
    `{"id":"${id}","time":${at},"realmId":"${REALM}","type":"${type}","clientId":"${client}","userId":"${person.id}",` +
    `"sessionId":"${session}","ipAddress":"${address}","details":{${details}}}`
  )
}

export interface AdminEvent {
  readonly id: string
  readonly at: number
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE'
  readonly resource: 'USER' | 'GROUP_MEMBERSHIP'
  readonly path: string
  readonly representation?: object
}

export function adminEventLine({ id, at, operation, resource, path, representation }: AdminEvent): string {
  return JSON.stringify({
    id,
    time: at,
    realmId: REALM,
    authDetails: { realmId: REALM, clientId: 'admin-cli', userId: ADMINISTRATOR, ipAddress: '10.20.0.9' },
    operationType: operation,
    resourceType: resource,
    resourcePath: path,
    ...(representation === undefined ? {} : { representation: JSON.stringify(representation) }),
  })
}

/** An entry of the directory as the admin API exports it. */
export function userLine({ id, username, email, disabledAt }: Person, createdAt: number): string {
  return JSON.stringify({ id, username, email, enabled: disabledAt === undefined, createdTimestamp: createdAt })
}
