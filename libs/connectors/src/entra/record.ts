import { at, isObject, text, textAt, type JsonObject } from '@catena/domain'
import { textsIn } from '../parsing.js'

/** What a record is about, told by what is in it: diagnostic settings name categories that the API does not. */
export type Stream = 'sign-ins' | 'audit' | 'graph-activity' | 'risk-events'

const NOTHING: JsonObject = Object.freeze({})

/** Diagnostic settings put what the API gives as it is into `properties`. */
export function bodyOf(record: JsonObject): JsonObject {
  return isObject(record.properties) ? record.properties : record
}

export function objectOr(value: unknown): JsonObject {
  return isObject(value) ? value : NOTHING
}

export function streamOf(record: JsonObject): Stream | undefined {
  const [body, category] = [bodyOf(record), text(record.category) ?? '']
  if (category === 'MicrosoftGraphActivityLogs') return 'graph-activity'
  if (/RiskEvents$/.test(category)) return 'risk-events'
  if (text(body.activityDisplayName) !== undefined) return 'audit'
  const isSignIn = /SignInLogs$/.test(category) || record.operationName === 'Sign-in activity'
  return isSignIn || isBareSignIn(body) ? 'sign-ins' : undefined
}

function isBareSignIn(body: JsonObject): boolean {
  const isSomebody = [body.userPrincipalName, body.userId, body.servicePrincipalId].some(
    (one) => text(one) !== undefined,
  )
  return body.createdDateTime !== undefined && isSomebody && isObject(body.status)
}

export type SignInClass = 'interactive' | 'non-interactive' | 'service-principal' | 'managed-identity'

export function classOf(record: JsonObject): SignInClass {
  const body = bodyOf(record)
  const told = `${text(record.category) ?? ''} ${textsIn(body.signInEventTypes).join(' ')}`.toLowerCase()
  if (told.includes('managedidentity')) return 'managed-identity'
  if (told.includes('serviceprincipal') || text(body.servicePrincipalId) !== undefined) return 'service-principal'
  return told.includes('noninteractive') || body.isInteractive === false ? 'non-interactive' : 'interactive'
}

/** Entra writes an id of zeros for what it does not know; as a key it would join strangers. */
export function idAt(body: JsonObject, path: string): string | undefined {
  const id = textAt(body, path)?.toLowerCase()
  return id === undefined || /^[0-]+$/.test(id) ? undefined : id
}

/** Undefined where the record does not say how it went. Zero is success. */
export function errorCodeOf(record: JsonObject): number | undefined {
  const code = at(bodyOf(record), 'status.errorCode')
  if (typeof code === 'number') return code
  const result = text(record.resultType)
  if (result === undefined) return undefined
  if (/^\d{1,9}$/.test(result)) return Number(result)
  return /^succe/i.test(result) ? 0 : /^fail/i.test(result) ? 1 : undefined
}
