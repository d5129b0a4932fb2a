import { FactDirectory, systemsOf } from '@catena/directory'
import type { Caller, Instant, Key } from '@catena/domain'
import type { AccessReader } from '@catena/projections'

/**
 * The caller with the keys whose matters are their own, as the newest records say: of the same person in other directories, and, of a machine, of
 * the people who answer for it. Asked before whoever must not decide on their own matter decides.
 */
export async function withOwnMatters(
  reader: AccessReader,
  caller: Caller,
  at: Instant,
): Promise<Caller & { readonly alsoKnownAs: readonly Key[] }> {
  const directory = new FactDirectory(reader.index(await reader.asOf()), systemsOf(reader.settings.sources))
  const known = [...caller.keys, ...(caller.alsoKnownAs ?? [])]
  const same = [...(await directory.samePrincipal(known, at)).values()].flat()
  return { ...caller, alsoKnownAs: [...new Set([...known, ...same])].filter((key) => !caller.keys.includes(key)) }
}
