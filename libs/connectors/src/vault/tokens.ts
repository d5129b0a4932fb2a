import { isObject, makeKey, text, type Key } from '@catena/domain'
import { isVendorHash } from '../redaction.js'
import type { Groups } from './groups.js'
import type { AuditRecord } from './record.js'

type Names = (string | undefined)[]

/** Every name that the record has for the token of the request: accessor and both hashed forms. */
export function callerNames({ auth, request }: AuditRecord): Names {
  return [text(auth.accessor), text(request.client_token_accessor), text(auth.client_token), text(request.client_token)]
}

/** The token that the response hands out. */
export function issuedNames({ issued }: AuditRecord): Names {
  return issued === undefined ? [] : [text(issued.accessor), text(issued.client_token)]
}

/** What was wrapped, and the wrapping token, are made for whoever will hold them. */
export function handOverWrapped({ wrapInfo }: AuditRecord, groups: Groups, others: Names = []): void {
  if (wrapInfo === undefined) return
  groups.token('wrapping', 'establishes', [text(wrapInfo.accessor), text(wrapInfo.token)], { by: 'handover' })
  groups.token('wrapped', 'establishes', [text(wrapInfo.wrapped_accessor), ...others], { by: 'handover' })
}

export function leaseOf({ response }: AuditRecord): string | undefined {
  return isObject(response.secret) ? text(response.secret.lease_id) : undefined
}

/**
 * The access key that the mount of a cloud had made, where its id is left readable (`audit_non_hmac_response_keys`): redaction masks it as
 * it masks the cloud's own record of it. A hash of the vault's joins nothing there.
 */
export function cloudKeysOf({ answer, mountType }: AuditRecord): Key[] {
  const id = mountType === 'aws' ? text(answer?.access_key) : undefined
  return id === undefined || isVendorHash(id) ? [] : [makeKey('aws-access-key', 'aws', id)]
}
