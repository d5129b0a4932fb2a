import { WALK_DEFAULTS } from '@catena/access-chain'
import { connectors } from '@catena/connectors'
import { createPool, type Configuration } from '@catena/platform'
import {
  ACCESS_INDEX_JSON,
  AccessIndexLoader,
  AccessIndexProjection,
  AccessReader,
  APPENDED,
  HeardMentions,
  LOAD_DEFAULTS,
  ProjectionRunner,
  rebuild,
  resolveAllUnwrapped,
  takeRepeated,
  uuidOf,
  verifyAccessIndex,
  type AccessIndexVerification,
  type MentionStretch,
  type Rebuilt,
  type RebuildOptions,
} from '@catena/projections'
import type { Instance } from './instance.js'

/** Connections for reads; a page needs one at a time. */
const READ_CONNECTIONS_MAX = 8
/** Schema of the generation of the access index that serves. */
const ACCESS_INDEX_SCHEMA = 'access_index'

export interface ReaderOptions {
  readonly connectionsMax?: number
  /** It follows the ledger beside the thread that keeps the access index, and hears from that one. */
  readonly hears?: boolean
}

/** Reader of the access index, with its own connections. */
export function openReader(
  instance: Pick<Instance, 'databaseUrl' | 'ledger' | 'interpretation'> & {
    readonly configuration?: Pick<Configuration, 'walk'>
  },
  { connectionsMax = READ_CONNECTIONS_MAX, hears = false }: ReaderOptions = {},
): {
  reader: AccessReader
  close: () => Promise<void>
} {
  // Whoever looks at a page for longer than a pool keeps its connections would pay for a new one, and for the plans of all that a page asks.
  const pool = createPool(instance.databaseUrl, { applicationName: 'catena-answers', max: connectionsMax, min: 1 })
  const settings = { ...WALK_DEFAULTS, ...instance.configuration?.walk, sources: instance.interpretation.sources }
  const heard = hears ? new HeardMentions(instance.databaseUrl) : undefined
  const close = (): Promise<void> => {
    heard?.close()
    return pool.end()
  }
  return { reader: new AccessReader(pool, instance.ledger, instance.interpretation, settings, heard), close }
}

/** What folds need of an instance; without an owner's URL the given one owns the tables. */
export type AccessIndexSource = Pick<Instance, 'databaseUrl' | 'ledger' | 'interpretation'> & {
  readonly ownerUrl?: string
}

/** Runner that keeps the access index up with the ledger, and builds it anew beside an older version. Not started yet. */
export function accessIndexRunner(
  instance: AccessIndexSource,
  onError: (error: unknown) => void,
  tell?: (stretch: MentionStretch) => void,
): ProjectionRunner {
  return new ProjectionRunner({
    name: AccessIndexProjection.projectionName,
    schema: ACCESS_INDEX_SCHEMA,
    version: interpretationVersion(instance),
    projection: new AccessIndexProjection(instance.interpretation, tell),
    ledger: instance.ledger,
    databaseUrl: instance.databaseUrl,
    onError,
    rebuild: (signal) => rebuildAccessIndex(instance, { signal }),
  })
}

/** Builds the access index anew beside the one that serves, and switches. Throws as `rebuild` does. */
export function rebuildAccessIndex(
  instance: AccessIndexSource,
  options: Partial<Pick<RebuildOptions, 'acceptDifference' | 'sizes' | 'onProgress' | 'signal'>> = {},
): Promise<Rebuilt> {
  const { databaseUrl, ledger, interpretation } = instance
  return rebuild({
    sizes: LOAD_DEFAULTS,
    ...options,
    name: AccessIndexProjection.projectionName,
    schema: ACCESS_INDEX_SCHEMA,
    version: interpretationVersion(instance),
    projection: new AccessIndexProjection(interpretation),
    loader: {
      appended: APPENDED,
      create: () => new AccessIndexLoader(interpretation),
      takeRepeated,
      finish: resolveAllUnwrapped,
    },
    json: ACCESS_INDEX_JSON,
    ledger,
    databaseUrl,
    ownerUrl: instance.ownerUrl ?? databaseUrl,
  })
}

/** Compares the access index with a fresh fold of everything, or of so many facts chosen at random. Throws as `verifyAccessIndex` does. */
export function verifyReadModel(
  instance: AccessIndexSource,
  extent: 'all' | number,
  onProgress?: (done: number, of: number) => void,
): Promise<AccessIndexVerification> {
  const { databaseUrl, ledger, interpretation } = instance
  const version = interpretationVersion(instance)
  return verifyAccessIndex({
    databaseUrl,
    ledger,
    interpretation,
    version,
    extent,
    ...(onProgress === undefined ? {} : { onProgress }),
  })
}

/** Facts and keys derive from records, connectors and declared sources: when one of these changes, the index is made anew. */
export function interpretationVersion({ interpretation }: Pick<Instance, 'interpretation'>): string {
  const versions = Object.values(connectors).map((connector) => `${connector.kind}@${connector.version}`)
  return uuidOf(JSON.stringify([AccessIndexProjection.version, versions, interpretation.sources]))
}
