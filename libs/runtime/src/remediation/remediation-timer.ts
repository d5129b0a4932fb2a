import { LedTimer, systemClock, type RemediationSettings } from '@catena/platform'
import type { AccessReader } from '@catena/projections'
import type { RecertificationDesk } from '@catena/recertification'
import { carryOutOrders, handsOf } from '@catena/remediation'
import type { Instance } from '../instance.js'
import { openAccessReader } from './open-access.js'

/** Of all processes on a database one carries orders out. */
const LOCK = 72_707_396
const EVERY_MS = 10_000

const NOTHING: RemediationSettings = { systems: [], receivers: [] }

/** Carries out what campaigns order, as catena.yaml allows, while the process lives. */
export function remediationTimer(
  instance: Pick<Instance, 'ledger' | 'configuration' | 'databaseUrl'>,
  reader: AccessReader,
  recertification: RecertificationDesk,
  onError: (error: unknown) => void,
): LedTimer {
  const settings = instance.configuration.remediation ?? NOTHING
  const desk = {
    recertification,
    streams: instance.ledger,
    openAccess: openAccessReader(reader),
    settings,
    hands: handsOf(settings),
  }
  return new LedTimer({
    databaseUrl: instance.databaseUrl,
    name: 'remediation',
    lock: LOCK,
    everyMs: EVERY_MS,
    clock: systemClock,
    turn: (now, signal) => carryOutOrders(desk, now, signal),
    onError,
  })
}
