import type { Registration, Slot } from '@catena/governance'
import type { AccessReader } from '@catena/projections'

/** Where a credential lies: as records say, else as it was registered. */
export async function slotOf(
  reader: AccessReader,
  credential: string,
  registration: Registration | undefined,
): Promise<Slot | undefined> {
  const entry = await reader.credential(await reader.asOf(), credential)
  return entry === undefined ? registration : { system: entry.system, container: entry.containerName, path: entry.path }
}
