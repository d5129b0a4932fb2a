import { FactDirectory, systemsOf } from '@catena/directory'
import type { Instant, Key } from '@catena/domain'
import type { AccessReader } from '@catena/projections'

/** Groups that a directory has somebody in at a moment, as the newest records say: none that somebody is in perhaps, for these give rights. */
export async function groupsOf(reader: AccessReader, keys: readonly Key[], at: Instant): Promise<Key[]> {
  const directory = new FactDirectory(reader.index(await reader.asOf()), systemsOf(reader.settings.sources))
  const memberships = await directory.groupsOf(keys, at)
  const certain = [...memberships.values()].flat().filter(({ perhaps }) => perhaps !== true)
  return certain.map(({ group }) => group)
}
