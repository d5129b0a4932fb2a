import { randomUUID } from 'node:crypto'
import { EventsDetached } from '@catena/ledger'
import { connect } from '@catena/platform'
import type pg from 'pg'
import { stateHash, type StateHash } from '../state-hash.js'
import { Builder } from './build.js'
import { detachedRanges } from './detached-ranges.js'
import { RebuildDiffers, RebuildNeedsArchives, SwitchBlocked } from './errors.js'
import { createGeneration, dropGeneration, dropLeftovers, type Generation } from './generation.js'
import type { RebuildOptions } from './options.js'
import { beginRebuild } from './rebuild-lock.js'
import { checkpointIn, holdersOf, requireSameLayout, standsAt, switchGenerations, type Checkpoint } from './switch.js'

/** Longest wait for sessions that hold the old tables; meanwhile the new ones keep up. */
const SWITCH_WAIT_MAX_MS = 120_000
const SWITCH_RETRY_MS = 300

export interface Rebuilt {
  /** Up to here the new generation stood when it was switched. */
  readonly position: number
  readonly elapsedMs: number
  /** Contents at `hashedAt`. */
  readonly state: StateHash
  readonly hashedAt: number
  /** Undefined: there was nothing of the same version to compare with. */
  readonly compared: { readonly equal: boolean; readonly serving: StateHash } | undefined
}

/**
 * Builds the tables of a projection anew beside those that serve, compares, and switches in one transaction. Ended at any step, the old ones
 * serve, and the next rebuild cleans up. Throws RebuildUnderWay, RebuildNeedsArchives, RebuildDiffers, SwitchBlocked, LayoutChanged.
 */
export async function rebuild(options: RebuildOptions): Promise<Rebuilt> {
  const started = performance.now()
  const session = await beginRebuild(options.ownerUrl, options.name)
  try {
    await requireAttached(session.client, options)
    await dropLeftovers(session.client, options.schema)
    const built = await createGeneration(session.client, options.schema)
    try {
      return { ...(await buildAndSwitch(session.client, options, built)), elapsedMs: performance.now() - started }
    } catch (error) {
      await dropGeneration(session.client, built.schema).catch(() => undefined)
      if (error instanceof EventsDetached) throw new RebuildNeedsArchives(options.name, [error])
      throw error
    }
  } finally {
    await session.close()
  }
}

async function requireAttached(owner: pg.Client, { name }: RebuildOptions): Promise<void> {
  const ranges = await detachedRanges(owner)
  if (ranges.length > 0) throw new RebuildNeedsArchives(name, ranges)
}

async function buildAndSwitch(
  owner: pg.Client,
  options: RebuildOptions,
  built: Generation,
): Promise<Omit<Rebuilt, 'elapsedMs'>> {
  const builder = await Builder.open(options, built)
  try {
    const serving = await checkpointIn(owner, options.schema, options.name)
    const isSame = serving?.version === options.version
    // Not past what serves: the two are compared at one position.
    await builder.load(isSame ? serving.position : await options.ledger.head())
    options.signal?.throwIfAborted()
    await requireSameLayout(owner, options.schema, built, options.name)
    const compared = isSame ? await compare(options, built, builder) : undefined
    const state = compared?.rebuilt ?? (await hashOf(owner, options, built.schema))
    const hashedAt = builder.position
    if (compared !== undefined && compared.serving.hash !== state.hash && options.acceptDifference !== true)
      throw new RebuildDiffers(options.name, hashedAt, compared.serving, state)
    const equal = compared?.serving.hash === state.hash
    const contents = equal ? (serving?.contents ?? null) : randomUUID()
    const position = await switchPatiently(owner, options, { ...built, contents }, builder)
    return { position, state, hashedAt, compared: compared && { equal, serving: compared.serving } }
  } finally {
    await builder.close()
  }
}

/** One snapshot of what serves, while its projector goes on; the built tables are brought to its position first. */
async function compare(
  options: RebuildOptions,
  built: Generation,
  builder: Builder,
): Promise<{ serving: StateHash; rebuilt: StateHash }> {
  const client = await connect(options.databaseUrl, { applicationName: 'catena-rebuild', statementTimeoutMs: 0 })
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    await builder.foldTo(await standsAt(client, options.schema, options.name))
    options.onProgress?.({ phase: 'compare', done: 0, of: 0 })
    // Where one fails the other is waited for: nobody is to read what is dropped then.
    const [serving, rebuilt] = await Promise.allSettled([
      stateHash(client, options.schema, options.json),
      hashBeside(options, built),
    ])
    if (serving.status === 'rejected') throw serving.reason
    if (rebuilt.status === 'rejected') throw rebuilt.reason
    return { serving: serving.value, rebuilt: rebuilt.value }
  } finally {
    await client.end()
  }
}

async function hashBeside(options: RebuildOptions, built: Generation): Promise<StateHash> {
  const client = await connect(options.databaseUrl, { applicationName: 'catena-rebuild', statementTimeoutMs: 0 })
  return hashOf(client, options, built.schema).finally(() => client.end())
}

function hashOf(client: pg.Client, options: RebuildOptions, schema: string): Promise<StateHash> {
  return stateHash(client, schema, options.json)
}

async function switchPatiently(
  owner: pg.Client,
  options: RebuildOptions,
  built: Generation & Pick<Checkpoint, 'contents'>,
  builder: Builder,
): Promise<number> {
  const { name, version, schema, ledger } = options
  const deadline = performance.now() + SWITCH_WAIT_MAX_MS
  const checkpoint: Omit<Checkpoint, 'position'> = { name, version, contents: built.contents }
  for (;;) {
    options.signal?.throwIfAborted()
    await builder.foldTo(await ledger.head())
    options.onProgress?.({ phase: 'switch', done: 0, of: 0 })
    const switched = await switchGenerations(owner, schema, built, checkpoint, (position) => builder.foldTo(position))
    if (switched !== 'held') {
      await dropGeneration(owner, switched.retired).catch(() => false)
      return builder.position
    }
    if (performance.now() > deadline) throw new SwitchBlocked(name, await holdersOf(owner, schema))
    await new Promise((resolve) => setTimeout(resolve, SWITCH_RETRY_MS))
  }
}
