import { text, type Federation, type JsonObject, type SourceInstance } from '@catena/domain'
import type { Groups } from './groups.js'
import { objectOr, type AuditRecord } from './record.js'

/** Old vaults do not write the mount; then the path tells it. */
export function federationOf(source: SourceInstance, { mount, path }: AuditRecord): Federation | undefined {
  return source.federations.find((federation) =>
    mount === '' ? path.startsWith(federation.mount) : mount === federation.mount,
  )
}

/** Claims of a token that the vault verified, in the login's metadata. Without a declared federation nothing is presented. */
export function presentClaims(groups: Groups, issued: JsonObject, federation: Federation): void {
  const metadata = objectOr(issued.metadata)
  groups.addClaims(federation, (field) => (Object.hasOwn(metadata, field) ? text(metadata[field]) : undefined))
}
