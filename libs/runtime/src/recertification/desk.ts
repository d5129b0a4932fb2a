import { systemClock, type Clock } from '@catena/platform'
import type { AccessReader } from '@catena/projections'
import type { RecertificationDesk } from '@catena/recertification'
import { rightEnds } from '@catena/remediation'
import type { Instance } from '../instance.js'
import { IndexedAccessSummary } from './access-summary.js'
import { openAccessReader } from '../remediation/open-access.js'
import { rightRecords } from '../remediation/right-records.js'
import { recertificationDirectory, recertificationOwners } from './people.js'

/** Everything that campaigns are run with, around an opened instance. */
export function recertificationDesk(
  instance: Pick<Instance, 'ledger' | 'configuration' | 'interpretation' | 'databaseUrl'>,
  reader: AccessReader,
  clock: Clock = systemClock,
): RecertificationDesk {
  const now = (): number => clock.now()
  const { sources, remediation } = instance.configuration
  const systems = sources.map(({ kind, scope }) => `${kind}/${scope}`)
  return {
    streams: instance.ledger,
    pool: reader.pool,
    summary: new IndexedAccessSummary(reader, instance, now),
    owners: recertificationOwners(reader),
    directory: recertificationDirectory(reader, systems, now),
    rightEnds: rightEnds({
      streams: instance.ledger,
      openAccess: openAccessReader(reader),
      systems: remediation?.systems ?? [],
      records: rightRecords(reader, sources),
    }),
  }
}
