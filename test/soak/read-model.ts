import { setTimeout as sleep } from 'node:timers/promises'
import { connectorFor } from '@catena/connectors'
import { readConfiguration } from '@catena/platform'
import { verifyAccessIndex } from '@catena/projections'
import { interpretationVersion } from '@catena/runtime'
import { YAML, type KafkaField } from '../faults/kafka-field.js'

const WAIT_MAX_MS = 120_000

export interface Comparison {
  readonly position: number
  readonly isEqual: boolean
  /** Rows that differ. */
  readonly count: number
}

/** Once the projectors have read the whole ledger: is the read model what a fresh fold of the ledger, in order, comes to? */
export async function compareReadModel({ databaseUrl, ledger }: KafkaField): Promise<Comparison> {
  const { sources } = await readConfiguration(YAML, 'catena.yaml', {})
  const interpretation = { sources, connectorFor }
  const version = interpretationVersion({ interpretation })
  const head = await ledger.head()
  for (const end = Date.now() + WAIT_MAX_MS; ;) {
    const { position, state, count } = await verifyAccessIndex({
      databaseUrl,
      ledger,
      interpretation,
      version,
      extent: 'all',
    })
    if (position === head) return { position, count, isEqual: count === 0 && state?.serving.hash === state?.fresh.hash }
    if (Date.now() > end) throw new Error(`the projectors stand at ${position} of ${head}`)
    await sleep(500)
  }
}
