import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { readLocalToken } from '@catena/callers'
import { createPool, readSettings, systemClock } from '@catena/platform'
import { ExportDesk, readFeedHead } from '@catena/siem'
import { openRecording } from '@catena/testing'
import type pg from 'pg'
import { startAll, type Running } from '../../apps/cli/src/up.js'
import { round } from '../ledger/figures.js'
import { writeOrganisation, type Origin } from './load.js'
import { meterProcessors, type ProcessorsUsed, type Share } from './processors.js'
import { delaysOf, type Delays, type Handed } from './stages.js'
import { startReceiver } from './start-receiver.js'
import type { Amount } from './shipper.js'
import { startShipper, type Doors, type Shipment, type Shipper } from './start-shipper.js'

/** At half the rate, until the feed has told all of it: what is run often gets compiled, which takes a tenth of a processor for longer than half a minute, and nobody begins with a queue. */
const WARM_UP_S = 60

export interface CommitDelay extends Delays {
  readonly of: Origin
  readonly askedPerSecond: number
  /** Taken in; less than asked for where the door does not keep up. */
  readonly recordsPerSecond: number
  /** How long the main thread kept everybody waiting. */
  readonly blockedP99Ms: number
  /** Who was on the processors, and who waited for one. */
  readonly processors: Readonly<Record<string, Share>>
  /** What was left for later when the last record was handed over: entries of the ledger not yet summed up, credentials not yet judged anew. */
  readonly behind: { readonly entries: number; readonly credentials: number }
}

/**
 * From the moment that a record is due at the door of `npm start` to the arrival of what it made known, over TLS in another process: door, commit,
 * access index, chains, feed and sender, with the settings that it has, and summaries and verdicts beside them.
 */
export async function benchCommitDelay(perSecond: number, seconds: number, of: Origin): Promise<CommitDelay> {
  const folder = join(tmpdir(), `catena-bench-commit-${process.pid}`)
  const env = { CATENA_DATA: folder, CATENA_PORT: '0', LOG_LEVEL: 'silent' }
  const organisation = of === 'organisation' ? `${folder}-organisation` : undefined
  if (organisation !== undefined) writeOrganisation(organisation, perSecond * (WARM_UP_S / 2 + seconds))
  const { sources } = await openRecording(organisation)
  const running = await startAll(readSettings(env), env, { file: undefined, sources, walk: {}, webhookSecrets: new Map() })
  const pool = createPool(running.instance.databaseUrl, { applicationName: 'catena-bench', max: 2 })
  const [receiver, shipper] = [await startReceiver(), await startShipper(await doorsOf(running, folder), organisation)]
  try {
    const desk = new ExportDesk({ streams: running.instance.ledger, pool, clock: systemClock, sources: [], env, connectKafka: undefined }) // prettier-ignore
    await desk.add({ id: 'live', kind: 'syslog', format: 'ocsf', target: receiver.target }, { actor: 'bench', at: Date.now() }) // prettier-ignore
    await shipped(running, shipper, { seconds: WARM_UP_S, perSecond: perSecond / 2 })
    await toldUpTo(pool, await running.instance.ledger.head())
    const from = await running.instance.ledger.head()
    const meter = await meterProcessors(pool, { shipper: shipper.pid, receiver: receiver.pid })
    const { shipment, used } = await metered(meter, () => shipped(running, shipper, { seconds, perSecond }))
    const { records, tookS, handed } = shipment
    const behind = await leftOf(pool)
    await drained(desk, pool, handed.at(-1)?.upTo ?? from)
    const { arrivals } = await receiver.ask()
    const delays = await delaysOf(pool, handed, from, arrivals, tookS)
    return { of, askedPerSecond: perSecond, recordsPerSecond: Math.round(records / tookS), ...delays, ...used, behind }
  } finally {
    shipper.close()
    await running.stop()
    await pool.end()
    receiver.close()
    for (const made of [folder, ...(organisation === undefined ? [] : [organisation])])
      await rm(made, { recursive: true, force: true })
  }
} // prettier-ignore

async function doorsOf({ instance, url }: Running, folder: string): Promise<Doors> {
  return { url: `${url}/ingest`, token: (await readLocalToken(folder)) ?? '', databaseUrl: instance.databaseUrl }
}

interface Known extends Shipment {
  readonly handed: readonly Handed[]
}

/** Ships that, and waits until the access index holds all of it. */
async function shipped({ projector }: Running, shipper: Shipper, amount: Amount): Promise<Known> {
  const handed: Promise<Handed>[] = []
  const { records, tookS } = await shipper.ship(amount, (piece) => {
    handed.push(projector.caughtUp(piece.upTo).then(() => ({ ...piece, indexedAt: Date.now() })))
  })
  return { records, tookS, handed: (await Promise.all(handed)).sort((a, b) => a.upTo - b.upTo) }
}

async function metered(meter: ProcessorsUsed, work: () => Promise<Known>): Promise<{ shipment: Known; used: Pick<CommitDelay, 'blockedP99Ms' | 'processors'> }> {
  const blocked = monitorEventLoopDelay({ resolution: 5 })
  blocked.enable()
  const shipment = await work()
  const processors = await meter.shares()
  blocked.disable()
  return { shipment, used: { blockedP99Ms: round(blocked.percentile(99) / 1e6, 1), processors } }
} // prettier-ignore

async function leftOf(pool: pg.Pool): Promise<CommitDelay['behind']> {
  const { rows } = await pool.query<{ entries: string; credentials: string }>(
    `SELECT (SELECT position FROM ledger_head) - (SELECT position FROM governance.checkpoint WHERE name = 'access-summary') AS entries,
       (SELECT count(*) FROM governance.stale_credential) AS credentials`,
  )
  return { entries: Number(rows[0]?.entries), credentials: Number(rows[0]?.credentials) }
}

/** A feed that is behind gives its destinations nothing to do: whoever looks at them alone believes them through. */
async function drained(desk: ExportDesk, pool: pg.Pool, upTo: number): Promise<void> {
  await toldUpTo(pool, upTo)
  for (let still = 0; still < 5;) {
    await sleep(500)
    still = (await desk.list()).every(({ backlog }) => backlog.events === 0) ? still + 1 : 0
  }
}

async function toldUpTo(pool: pg.Pool, position: number): Promise<void> {
  while ((await readFeedHead(pool)).position < position) await sleep(100)
}
