import type { Target } from '@catena/domain'
import { credentialOf, namedCredentialOf } from './identity.js'

/** Slots that an answer is narrowed to: those in these vaults, by name, and of these credentials, by id; what is not given narrows nothing. */
export interface SlotPart {
  readonly vaults?: readonly string[]
  /** Ids of credentials, and ids of their names: a denied request may tell nothing else. */
  readonly credentials?: ReadonlySet<string>
}

/** Is a slot in one of these parts? What names no vault is in none that names some. Undefined: any will do. */
export function isWithinParts(
  containerName: string | undefined,
  ids: readonly string[],
  parts: readonly SlotPart[] | undefined,
): boolean {
  if (parts === undefined) return true
  return parts.some(({ vaults, credentials }) => {
    const inVault = vaults === undefined || (containerName !== undefined && spellings(vaults).includes(containerName))
    return inVault && (credentials === undefined || ids.some((id) => credentials.has(id)))
  })
}

/** Ids by which a part may name what was addressed. */
export function idsOf(target: Target | undefined): string[] {
  if (target === undefined) return []
  return [credentialOf(target) ?? namedCredentialOf(target)]
}

/**
 * The same as a condition on rows with `container_name`, `credential` and, where they have it, `named_credential`. `parameter` takes a value and
 * says how it is written.
 */
export function withinSql(
  parts: readonly SlotPart[] | undefined,
  parameter: (value: unknown) => string,
  ids: string,
): string {
  if (parts === undefined) return 'true'
  const each = parts.map(({ vaults, credentials }) => {
    const inVault = vaults === undefined ? 'true' : `container_name = ANY(${parameter(spellings(vaults))}::text[])`
    const among = credentials === undefined ? 'true' : `${ids} = ANY(${parameter([...credentials])}::uuid[])`
    return `(${inVault} AND ${among})`
  })
  return each.length === 0 ? 'false' : `(${each.join(' OR ')})`
}

/** Mounts are recorded with a slash at their end, safes and projects without; people write either. */
export function spellings(vaults: readonly string[]): string[] {
  return vaults.map((name) => name.replace(/\/$/, '')).flatMap((name) => [name, `${name}/`])
}
