import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { WALK_DEFAULTS } from '@catena/access-chain'
import { loadLocalToken } from '@catena/callers'
import { connectorFor } from '@catena/connectors'
import { deriveIntakeKeys, ingestFile } from '@catena/ingest'
import { PostgresLedger } from '@catena/ledger'
import { createPool, prepareRoles, systemClock } from '@catena/platform'
import { AccessReader } from '@catena/projections'
import { ExportDesk, readFeed, readFeedHead, type FeedEvent } from '@catena/siem'
import { openRecording, startTestPostgres, steadyPort, type TestPostgres } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import type pg from 'pg'
import { hasProgram } from '../../libs/siem/src/testing/tools.js'
import { buildApp, startApp, type Member } from '../faults/start-ingest.js'
import { chance } from './chance.js'
import { account, BY, SECRET, SOUND, until } from './delivery-stage.js'
import { isAllTold, staleIn } from './feed-and-walk.js'
import { readOcsf, startHostileReceiver, type HostileReceiver, type Mood } from './hostile-receiver.js'
import { keepPulling } from './keep-pulling.js'
import { hasTlsDriver, prepareRsyslog, readLine, type Rsyslog } from './rsyslog.js'
import { openFeedStage } from './stage.js'

jest.setTimeout(480_000)

const isHere = hasProgram('rsyslogd', 'rsyslog rsyslog-openssl') && hasTlsDriver()
const PIECE_LINES = 20
const MOODS: readonly Mood[] = ['take', 'busy', 'fault', 'cut', 'late', 'twice']
const APPS = ['worker', 'projector'] as const
type App = (typeof APPS)[number]
const KEYS = deriveIntakeKeys(Buffer.alloc(32, 7))

const recording = await openRecording()
const folder = mkdtempSync(join(tmpdir(), 'catena-worker-killed-'))

/** The recorded files in the order in which they are taken in, the long ones in pieces. */
const pieces = ['vault-audit-a', 'vault-audit-b', 'vault-server', 'keycloak', 'ci-webhooks'].flatMap((name) =>
  recording.files.filter(({ path }) => path.includes(name)).flatMap(({ source, path }) => {
    if (!path.endsWith('.gz')) return [{ source, path }]
    const lines = gunzipSync(readFileSync(path)).toString('utf8').split('\n').filter(Boolean)
    return Array.from({ length: Math.ceil(lines.length / PIECE_LINES) }, (_, index) => {
      const piece = join(folder, `${name}-${index}.log`)
      writeFileSync(piece, `${lines.slice(index * PIECE_LINES, (index + 1) * PIECE_LINES).join('\n')}\n`)
      return { source, path: piece }
    })
  }),
) // prettier-ignore

let postgres: TestPostgres
let ledger: PostgresLedger
let pool: pg.Pool
let desk: ExportDesk
let rsyslog: Rsyslog
let receiver: HostileReceiver
let port: number
const bundles = new Map<App, string>()
const members = new Map<App, Member>()

const env = (app: App): Record<string, string> => ({
  DATABASE_URL: postgres.databaseUrl,
  CATENA_DATA: folder,
  CATENA_CONFIG: join(folder, 'catena.yaml'),
  CATENA_PORT: app === 'worker' ? String(port) : '0',
  CATENA_EXPORT_SPEC: SECRET,
})
const begin = (app: App): void => void members.set(app, startApp(bundles.get(app) ?? '', env(app)))
const kill = async (app: App): Promise<void> => {
  members.get(app)?.kill('SIGKILL')
  await members.get(app)?.ended
}
const strike = async (app: App): Promise<void> => {
  await kill(app)
  begin(app)
}
const take = async (into: PostgresLedger, { source, path }: (typeof pieces)[number]): Promise<void> => {
  await ingestFile({ path, source, ledger: into, connectorFor, keys: KEYS, final: true })
}
/** The feed tells of the whole ledger, nothing has to be told again, and both destinations have all of it. */
const isDone = async (): Promise<boolean> => {
  const isTold = await isAllTold({ pool, ledger })
  return isTold && (await desk.list()).every(({ backlog }) => backlog.events === 0)
}
/** What the killed ones wrote, for whoever compares it with a walk. */
const told = () => {
  const { sources } = recording
  const interpretation = { sources, connectorFor }
  const reader = new AccessReader(pool, ledger, interpretation, { ...WALK_DEFAULTS, sources })
  return { reader, interpretation, events: () => readFeed(pool, 0, 1_000_000) }
}
const logged = () => rsyslog.lines().flatMap((line) => readLine(line) ?? [])

beforeAll(async () => {
  if (!isHere) return
  cpSync(join(recording.folder, 'catena.yaml'), join(folder, 'catena.yaml'))
  for (const app of APPS) bundles.set(app, await buildApp(app))
  postgres = await startTestPostgres()
  const { databaseUrl } = await prepareRoles(postgres.databaseUrl)
  ledger = new PostgresLedger({ databaseUrl })
  pool = createPool(databaseUrl, { applicationName: 'spec' })
  port = await steadyPort()
  rsyslog = await prepareRsyslog()
  await rsyslog.start()
  receiver = await startHostileReceiver(readOcsf)
  desk = new ExportDesk({ streams: ledger, pool, clock: systemClock, sources: [], env: {}, connectKafka: undefined })
  await desk.add({ id: 'hook', kind: 'webhook', format: 'ocsf', target: { url: receiver.url, allow_private: true, secret_env: 'CATENA_EXPORT_SPEC' } }, BY) // prettier-ignore
  await desk.add({ id: 'syslog', kind: 'syslog', format: 'ocsf', target: { host: '127.0.0.1', port: rsyslog.port, ...rsyslog.target } }, BY) // prettier-ignore
})
afterAll(async () => {
  for (const app of APPS) await kill(app)
  for (const bundle of bundles.values()) rmSync(bundle)
  if (isHere) {
    await rsyslog.kill()
    rsyslog.remove()
    await receiver.kill()
    await pool.end()
    await ledger.close()
    await postgres.stop()
  }
  rmSync(folder, { recursive: true, force: true })
})

describe('the worker, the projector and the receivers, killed at random while records come in', () => {
  it('R8.1 lose nothing from the ledger to three receivers, repeat only under the same id, and tell in the end what an undisturbed worker tells', async () => {
    if (!isHere) return
    const seed = Number(process.env['CATENA_SEED'] ?? 20_260_301)
    const random = chance(seed)
    const struck: Record<string, number> = {}
    const faults: Record<string, () => Promise<void>> = {
      worker: () => strike('worker'),
      projector: () => strike('projector'),
      rsyslog: async () => {
        await rsyslog.kill()
        await sleep(random() * 300)
        await rsyslog.start()
      },
      receiver: async () => {
        await receiver.kill()
        await sleep(random() * 300)
        await receiver.restart()
      },
      moods: () => {
        receiver.moods = Array.from({ length: 4 }, () => MOODS[Math.floor(random() * MOODS.length)] ?? 'take')
        return Promise.resolve()
      },
    }
    const names = ['worker', 'projector', 'worker', 'rsyslog', 'worker', 'moods', 'receiver']
    for (const app of APPS) begin(app)
    const puller = keepPulling(`http://127.0.0.1:${port}`, () => loadLocalToken(folder))
    let left = pieces.length
    const taking = (async () => {
      for (const piece of pieces) {
        await take(ledger, piece)
        left--
        await sleep(90)
      }
    })()
    for (let round = 0; round < names.length || left > 0; round++) {
      await sleep(300 + random() * 2_200)
      // Each at least once, then by chance.
      const name = names[round < names.length ? round : Math.floor(random() * names.length)] ?? 'worker'
      struck[name] = (struck[name] ?? 0) + 1
      await faults[name]?.()
    }
    await taking
    receiver.moods = []
    await until(isDone, 120_000)
    const total = (await readFeedHead(pool)).sequence
    // What a receiver that acknowledges nothing lost with its connection comes with the next one.
    await strike('worker')
    await until(() => account(logged(), total).lost === 0 && account(puller.got, total).lost === 0, 90_000)
    await puller.stop()
    console.log(`seed ${seed}: ${total} events; struck ${JSON.stringify(struck)}; copies got: webhook ${receiver.got.length}, rsyslog ${logged().length}, pull ${puller.got.length} with ${puller.failures()} failures`) // prettier-ignore
    expect(Object.keys(struck).sort()).toEqual([...new Set(names)].sort())
    expect(account(receiver.got, total)).toEqual(SOUND)
    expect(account(logged(), total)).toEqual(SOUND)
    expect(account(puller.got, total)).toEqual(SOUND)
    expect((await desk.list()).map(({ deadLetters }) => deadLetters)).toEqual([0, 0])
    const { chains, stale } = await staleIn(told())
    expect(stale).toEqual([])
    expect(chains).toBeGreaterThan(200)
    expect(newest(await told().events())).toEqual(await undisturbed())
  })
})

/** What the feed says last of each thing that records tell, by its id. */
function newest(events: readonly FeedEvent[]): Map<string, unknown> {
  const told = events.filter(({ content }) => content.source !== 'catena')
  const last = new Map(told.map(({ id, content }) => [id, content]))
  return new Map([...last].sort(([one], [other]) => (one < other ? -1 : 1)))
}

async function undisturbed(): Promise<Map<string, unknown>> {
  const stage = await openFeedStage({ sources: recording.sources, files: pieces })
  try {
    for (const piece of pieces) await take(stage.ledger, piece)
    await stage.caughtUp()
    return newest(await stage.events())
  } finally {
    await stage.close()
  }
}
