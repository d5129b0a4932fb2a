import { mkdtempSync, rmSync, chmodSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { migrateDatabase, runningServer, startEmbeddedPostgres } from '@catena/platform'
import { startTestBroker } from '@catena/testing'
import { takeAccount } from '../faults/kafka-account.js'
import { KafkaField } from '../faults/kafka-field.js'
import { chance, numbers, shuffled, type Chance } from '../faults/kafka-feed.js'
import { buildApp } from '../faults/start-ingest.js'
import { Crew, strikeUntil } from './faults.js'
import { compareReadModel } from './read-model.js'

const INGESTS = 3
const PROJECTORS = 2
const POISON_SHARE = 0.01
const REPEATED_SHARE = 0.2

/** Everything at once for some minutes, with faults from a seed; ends with 1 where anything was lost, repeated or unaccounted for. */
const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } })
const minutes = Number(values.minutes ?? 10)
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
if (!(minutes > 0) || !Number.isInteger(seed)) {
  process.stderr.write('npm run soak -- --minutes 10 --seed 42: minutes above 0, a whole number as seed\n')
  process.exit(1)
}
process.stdout.write(`soak of ${minutes} min with --seed ${seed}\n`)

const dataFolder = mkdtempSync(join(tmpdir(), 'catena-soak-'))
chmodSync(dataFolder, 0o711)
const [server, broker, projector] = await Promise.all([
  startEmbeddedPostgres({ dataFolder }),
  startTestBroker({ exclusive: true }),
  buildApp('projector'),
])
await migrateDatabase(server.databaseUrl)
const field = await KafkaField.open(broker, { databaseUrl: server.databaseUrl, stop: () => server.stop() })
try {
  process.exitCode = (await soak()) ? 0 : 1
} finally {
  await field.close()
  for (const path of [dataFolder, projector]) rmSync(path, { recursive: true, force: true })
}

async function soak(): Promise<boolean> {
  await field.createTopic()
  const ingests = new Crew(INGESTS, () => field.start())
  const projectors = new Crew(PROJECTORS, () => field.start({ bundle: projector }))
  const endMs = Date.now() + minutes * 60_000
  const sending = sendUntil(endMs, chance(seed))
  const targets = { ingests, projectors, broker, killDatabase }
  const [struck] = await Promise.all([strikeUntil(endMs, targets, chance(seed + 1)), sending])
  process.stdout.write(`${[...struck].map(([name, times]) => `${times} × ${name}`).join(', ')}\n`)
  for (const { pid, logged } of [...(await ingests.dead()), ...(await projectors.dead())])
    process.stdout.write(`process ${pid} ended by itself: ${logged.slice(-3).join(' | ')}\n`)

  const account = await takeAccount(field)
  const { sent, lost, duplicated, strange, stored, repeated, quarantined, holes, unbalanced, findings } = account
  const poison = field.sent.poison.size
  process.stdout.write(
    `${sent} records and ${poison} poison sent: ${stored} stored, ${repeated} repeated, ${quarantined} quarantined, ${holes} holes; ` +
      `lost ${lost}, duplicated ${duplicated}, strange ${strange}, lanes out of balance ${unbalanced.length}, findings ${findings.length}\n`,
  )
  const readModel = await compareReadModel(field)
  process.stdout.write(
    `read model at ${readModel.position}: ${readModel.isEqual ? 'equal to' : `${readModel.count} rows differ from`} a fresh fold\n`,
  )
  const isWhole = stored === sent && quarantined === poison && holes === 0
  const isExact = lost + duplicated + strange + unbalanced.length + findings.length === 0
  return isWhole && isExact && readModel.isEqual
}

/** New records and repetitions of earlier ones, in any order, about 3,000 a second. */
async function sendUntil(endMs: number, random: Chance): Promise<void> {
  for (let next = 0; Date.now() < endMs; next += 1_000) {
    const fresh = numbers(next, next + 1_000)
    const again = next === 0 ? [] : fresh.filter(() => random() < REPEATED_SHARE).map(() => Math.floor(random() * next))
    await field.send(shuffled([...fresh, ...again], random), { poisonShare: POISON_SHARE })
    await sleep(300)
  }
}

/** It is started again by this process, which watches it. */
async function killDatabase(): Promise<void> {
  const running = await runningServer(join(dataFolder, 'postgres'))
  if (running !== undefined) process.kill(running.pid, 'SIGKILL')
}
