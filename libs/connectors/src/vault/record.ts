import { isObject, list, text, type Json, type JsonObject } from '@catena/domain'

const NOTHING: JsonObject = Object.freeze({})

/** The members of half a request that are asked for again and again, read once. Absent objects are empty. */
export interface AuditRecord {
  readonly payload: JsonObject
  readonly isResponse: boolean
  readonly auth: JsonObject
  readonly request: JsonObject
  /** Body of the request. */
  readonly body: JsonObject
  readonly response: JsonObject
  /** Body of the response; undefined where there is none. */
  readonly answer: JsonObject | undefined
  /** The token that the response hands out. */
  readonly issued: JsonObject | undefined
  readonly wrapInfo: JsonObject | undefined
  readonly operation: string
  readonly path: string
  readonly mountType: string
  /** With the namespace before it, as two namespaces may have mounts of one name. */
  readonly mount: string
  /** The path inside the mount; the whole path where the record does not tell its mount. */
  readonly inside: string
  readonly namespaceId: string | undefined
}

export function readAudit(payload: JsonObject): AuditRecord {
  const request = objectOr(payload.request)
  const response = objectOr(payload.response)
  const path = text(request.path) ?? ''
  const mount = mountOf(request, path)
  return {
    payload,
    isResponse: payload.type === 'response',
    auth: objectOr(payload.auth),
    request,
    body: objectOr(request.data),
    response,
    answer: isObject(response.data) ? response.data : undefined,
    issued: isObject(response.auth) ? response.auth : undefined,
    wrapInfo: isObject(response.wrap_info) ? response.wrap_info : undefined,
    operation: text(request.operation) ?? '',
    path,
    mountType: text(request.mount_type) ?? '',
    mount: mount.full,
    inside: insideOf(path, mount),
    namespaceId: text(objectOr(request.namespace).id),
  }
}

export interface Mount {
  readonly full: string
  readonly short: string
}

/** The path of a request is relative to its namespace; its mount point may be either. */
export function mountOf(request: JsonObject, path: string): Mount {
  const point = text(request.mount_point) ?? guessedMount(path)
  const namespace = text(objectOr(request.namespace).path) ?? ''
  if (namespace === '' || point === '') return { full: point, short: point }
  if (point.startsWith(namespace)) return { full: point, short: point.slice(namespace.length) }
  return { full: namespace + point, short: point }
}

/** Old vaults do not write the mount; those of secret stores mostly have no slash inside. */
function guessedMount(path: string): string {
  return ADMINISTRATION.test(path) ? '' : path.slice(0, path.indexOf('/') + 1)
}

export const ADMINISTRATION = /^(?:sys|auth|identity)\//

export function insideOf(path: string, { full, short }: Mount): string {
  if (short !== '' && path.startsWith(short)) return path.slice(short.length)
  return full !== '' && path.startsWith(full) ? path.slice(full.length) : path
}

/** The object, or an empty one that nobody may write to. */
export function objectOr(value: Json | undefined): JsonObject {
  return isObject(value) ? value : NOTHING
}

/** Sorted, each once; undefined for none. */
export function names(values: readonly (string | undefined)[]): string[] | undefined {
  const found = values.filter((name) => name !== undefined)
  return found.length === 0 ? undefined : [...new Set(found)].sort()
}

export function textsIn(value: Json | undefined): (string | undefined)[] {
  return list(value).map(text)
}
