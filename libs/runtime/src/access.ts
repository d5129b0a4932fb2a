import { WALK_DEFAULTS } from '@catena/access-chain'
import { connectors } from '@catena/connectors'
import { createPool, type Configuration } from '@catena/platform'
import { AccessIndexProjection, AccessReader, ProjectionRunner, uuidOf } from '@catena/projections'
import type { Instance } from './instance.js'

/** Connections for reads; a page needs one at a time. */
const READ_CONNECTIONS_MAX = 8

/** Reader of the access index, with its own connections. */
export function openReader(
  instance: Pick<Instance, 'databaseUrl' | 'ledger' | 'interpretation'> & {
    readonly configuration?: Pick<Configuration, 'walk'>
  },
): {
  reader: AccessReader
  close: () => Promise<void>
} {
  const pool = createPool(instance.databaseUrl, { applicationName: 'catena-answers', max: READ_CONNECTIONS_MAX })
  const settings = { ...WALK_DEFAULTS, ...instance.configuration?.walk, sources: instance.interpretation.sources }
  return { reader: new AccessReader(pool, instance.ledger, instance.interpretation, settings), close: () => pool.end() }
}

/** Runner that keeps the access index up with the ledger. Not started yet. */
export function accessIndexRunner(
  instance: Pick<Instance, 'databaseUrl' | 'ledger' | 'interpretation'>,
  onError: (error: unknown) => void,
): ProjectionRunner {
  return new ProjectionRunner({
    name: AccessIndexProjection.projectionName,
    version: interpretationVersion(instance),
    projection: new AccessIndexProjection(instance.interpretation),
    ledger: instance.ledger,
    databaseUrl: instance.databaseUrl,
    onError,
    clear: (client) => AccessIndexProjection.clear(client),
  })
}

/** Facts and keys derive from records, connectors and declared sources: when one of these changes, the index is made anew. */
function interpretationVersion({ interpretation }: Pick<Instance, 'interpretation'>): string {
  const versions = Object.values(connectors).map((connector) => `${connector.kind}@${connector.version}`)
  return uuidOf(JSON.stringify([AccessIndexProjection.version, versions, interpretation.sources]))
}
