import type { Mask } from '@catena/domain'
import { KEPT_LENGTH_MAX, withoutSecretSegments } from '../redaction.js'
import { insideOf, type Mount } from './record.js'

/** Where the record does not tell the mount, the first `login/` behind it counts. */
const LOGIN_PATH = /^(auth\/(?:[^/]+\/)+?login\/)(.+)$/s

/** Mounts of auth methods, with or without their namespace. */
const AUTH = /(?:^|\/)auth\//

/** A token's own lease: the path of the login that made it, and a salted hash. */
const TOKEN_LEASE = /^(auth\/(?:[^/]+\/)+?login\/)(.+)(\/h[0-9a-f]{64}(?:\.[\w-]+)?)$/s

/**
 * The path with the name behind `login/` masked. Whoever asks types it there, and people type passwords into that field; neither
 * half of a request alone tells whether the name exists, so it is masked in both. Names have no case there, so equal ones keep equal masks.
 */
export function withoutTypedName(path: string, mount: Mount, mask: Mask): string {
  if (path.length > KEPT_LENGTH_MAX || !AUTH.test(mount.full === '' ? path : mount.full)) return path
  const inside = insideOf(path, mount)
  const [, place, name] = inside === path ? (LOGIN_PATH.exec(path) ?? []) : within(path, inside)
  return place === undefined || name === undefined ? path : withoutSecretSegments(place, mask) + maskName(name, mask)
}

/** The same of a lease id in the server log, so that it still leads to the login. */
export function withoutTypedNameInLease(leaseId: string, mask: Mask): string {
  if (leaseId.length > KEPT_LENGTH_MAX) return leaseId
  const [, place, name, rest] = TOKEN_LEASE.exec(leaseId) ?? []
  if (place === undefined || name === undefined || rest === undefined) return leaseId
  return withoutSecretSegments(place, mask) + maskName(name, mask) + rest
}

function within(path: string, inside: string): readonly (string | undefined)[] {
  const start = 'login/'
  if (!inside.startsWith(start) || inside === start) return []
  const end = path.length - inside.length + start.length
  return [path, path.slice(0, end), path.slice(end)]
}

function maskName(name: string, mask: Mask): string {
  return mask(name.toLowerCase())
}
