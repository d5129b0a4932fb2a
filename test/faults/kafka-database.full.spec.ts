import { rmSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadLocalToken } from '@catena/callers'
import { connect } from '@catena/platform'
import { testBrokerOrSkip } from '@catena/testing'
import { databaseProxy, type DatabaseProxy } from './database-proxy.js'
import { expectAll } from './kafka-expect.js'
import { KafkaField, SOURCE_PATH } from './kafka-field.js'
import { auditLine, numbers } from './kafka-feed.js'
import { buildApp } from './start-ingest.js'

jest.setTimeout(300_000)
/** Longer than a session, so that the members must keep theirs up while they wait. */
const OUTAGE_MS = 8_000
const broker = await testBrokerOrSkip({ exclusive: true })
const describeKafka = broker === undefined ? describe.skip : describe
let field: KafkaField
let proxy: DatabaseProxy | undefined
let projector: string

beforeAll(async () => {
  if (broker === undefined) return
  field = await KafkaField.open(broker)
  projector = await buildApp('projector')
  proxy = await databaseProxy(field.databaseUrl)
})
beforeEach(async () => {
  if (broker !== undefined) await field.createTopic()
})
afterEach(async () => {
  if (broker !== undefined) await field.clear()
})
afterAll(async () => {
  await proxy?.close()
  if (broker !== undefined) rmSync(projector, { force: true })
  if (broker !== undefined) await field.close()
})

describeKafka('a database that is away while records come in', () => {
  it('R1.9 is waited for, told once, and nothing is lost', async () => {
    const startedMs = performance.now()
    const { databaseUrl } = proxy!
    const members = await Promise.all([field.join({ databaseUrl }), field.join({ databaseUrl })])
    const sending = field.send(numbers(0, 20_000))
    await field.untilStored(2_000)
    const inFlight = await field.behind()
    await proxy!.goAway()
    await Promise.all(members.map((member) => member.says('the ledger did not take a batch')))
    await sleep(OUTAGE_MS)
    const told = members.map(({ logged }) => logged.filter((line) => line.includes('"level":"error"')).length)
    await proxy!.comeBack()
    await sending
    await expectAll(field, { fault: `database away for ${OUTAGE_MS / 1000} s`, inFlight, startedMs, repeated: 0 })
    // Once each: not a line a try, and no stack traces.
    expect(told).toEqual([1, 1])
    await Promise.all(members.map((member) => member.says('the ledger answers again')))
    expect(members.flatMap(({ logged }) => logged).filter((line) => /\n? {4}at |"stack"/.test(line))).toEqual([])
  })

  it('is tried for by a projector ever more seldom, and then caught up with', async () => {
    const member = field.start({ bundle: projector, databaseUrl: proxy!.databaseUrl })
    await member.says('"started"')
    await proxy!.goAway()
    await member.says('the access index cannot be kept up')
    await sleep(OUTAGE_MS)
    const told = member.logged.filter((line) => line.includes('"level":"error"'))
    await proxy!.comeBack()
    await field.join()
    await field.send(numbers(0, 1_000))
    await field.until(async () => (await projected()) === 1_000, 'the projector has caught up')
    // Waits of 0.25 to 0.5 s, then twice that, and so on; every half second would be 16. Each thing that it keeps up is tried for by itself.
    const times = countsOf(told)
    expect([...times.keys()]).toContain('the access index cannot be kept up; trying again')
    for (const [what, count] of times) expect([what, count <= 7]).toEqual([what, true])
  })

  function countsOf(lines: readonly string[]): Map<string, number> {
    const counts = new Map<string, number>()
    for (const line of lines) {
      const { msg } = JSON.parse(line) as { msg: string }
      counts.set(msg, (counts.get(msg) ?? 0) + 1)
    }
    return counts
  }

  async function projected(): Promise<number> {
    const client = await connect(field.databaseUrl, { applicationName: 'spec' })
    const sql = 'SELECT position FROM access_index.projection'
    const { rows } = await client.query<{ position: string }>(sql).finally(() => client.end())
    return Number(rows[0]?.position ?? 0)
  }

  it('R1.9 makes HTTP answer 503 with Retry-After, and the same request then stores all of it', async () => {
    const member = await field.join({ databaseUrl: proxy!.databaseUrl })
    const { url } = JSON.parse(await member.says('"url"')) as { url: string }
    const body = numbers(0, 50).map(auditLine).join('\n')
    const headers = { authorization: `Bearer ${await loadLocalToken(field.folder)}` }
    const post = (): Promise<Response> => fetch(`${url}${SOURCE_PATH}`, { method: 'POST', headers, body })
    await proxy!.goAway()
    const refused = await post()
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await refused.json()).toMatchObject({ error: 'unavailable', retryAfterSeconds: 5 })
    await proxy!.comeBack()
    await field.until(async () => (await post()).status === 200, 'the request is taken')
    expect(await (await post()).json()).toMatchObject({ read: 50, stored: 0, duplicates: 50 })
    expect(await field.ledger.head()).toBe(50)
  })
})
