import { EventEmitter, once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer as createTcp, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { BY, openDeliveryStage, until, type DeliveryStage } from './delivery-stage.js'

let stage: DeliveryStage
let folder: string
beforeAll(async () => {
  stage = await openDeliveryStage()
  folder = await mkdtemp(join(tmpdir(), 'catena-'))
}, 60_000)
afterEach(() => stage.stopEngine())
afterAll(async () => {
  await stage.close()
  await rm(folder, { recursive: true })
})

const files = (id: string, to: string): object => ({
  id,
  kind: 'files',
  format: 'ecs',
  target: { folder: join(folder, to) },
})
const report = async (id: string) => (await stage.desk.list()).find(({ destination }) => destination.id === id)
const drained = (id: string): Promise<void> => until(async () => (await report(id))?.backlog.events === 0)
const head = async (): Promise<number> => Number((await stage.pool.query<{ sequence: string }>('SELECT sequence FROM feed_head')).rows[0]?.sequence) // prettier-ignore

/** Sequences in the order of the file. */
async function sequencesIn(name: string): Promise<number[]> {
  const path = join(folder, name)
  const texts = await Promise.all(
    (await readdir(path).catch(() => [])).map((file) => readFile(join(path, file), 'utf8')),
  )
  return texts
    .flatMap((text) => text.split('\n').filter((line) => line !== ''))
    .map((line) => (JSON.parse(line) as { event: { sequence: number } }).event.sequence)
}

function oneTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1)
}

describe('a destination that is removed and added again under its name', () => {
  it('R8.1 gets everything at its new place, whatever the sender to the old one still does', async () => {
    await stage.tell(3_000)
    await stage.desk.add(files('moved', 'old'), BY)
    stage.startEngine()
    await drained('moved')
    await stage.desk.change('RemoveDestination', 'moved', BY)
    await stage.desk.add(files('moved', 'new'), BY)
    await until(async () => (await sequencesIn('new')).length > 0 && (await report('moved'))?.backlog.events === 0)
    expect(await sequencesIn('new')).toEqual(oneTo(await head()))
  }, 30_000)

  it('R8.1 begins with the first event of the feed, and its counts with it', async () => {
    await stage.desk.change('RemoveDestination', 'moved', BY)
    await stage.desk.add(files('moved', 'third'), BY)
    expect(await report('moved')).toMatchObject({ sequence: 0, delivered: 0, backlog: { events: await head() } })
  })
})

describe('a destination whose receiver said that it is gone for good, after it was removed', () => {
  it('R8.1 disables none that was added under its name since', async () => {
    const asked = new EventEmitter()
    const server = createServer((request, response) => {
      request.resume()
      asked.emit('asked', response)
    }).listen(0, '127.0.0.1')
    server.unref()
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    await stage.desk.add({ id: 'gone', kind: 'webhook', format: 'ecs', target: { url, allow_private: true, secret_env: 'CATENA_EXPORT_SPEC' } }, BY) // prettier-ignore
    const waiting = once(asked, 'asked')
    stage.startEngine()
    const [response] = (await waiting) as [ServerResponse]
    await stage.desk.change('RemoveDestination', 'gone', BY)
    await stage.desk.add(files('gone', 'instead'), BY)
    response.writeHead(410).end()
    await drained('gone')
    expect(await report('gone')).toMatchObject({ status: 'active', failures: 0 })
    expect(await sequencesIn('instead')).toEqual(oneTo(await head()))
    server.closeAllConnections()
    server.close()
  }, 30_000)
})

describe('a destination that was added for what comes from now on', () => {
  it('R8.1 gets nothing of before, also where the receiver acknowledges nothing', async () => {
    let text = ''
    const server = createTcp((socket) => socket.setEncoding('utf8').on('data', (piece: string) => (text += piece)))
    server.listen(0, '127.0.0.1')
    server.unref()
    await once(server, 'listening')
    const got = (): number[] =>
      [...text.matchAll(/"event":\{[^{}]*?"sequence":(\d+)/g)].map(([, sequence]) => Number(sequence))
    const before = await head()
    const target = { host: '127.0.0.1', port: (server.address() as AddressInfo).port, transport: 'tcp' }
    await stage.desk.add({ id: 'now', kind: 'syslog', format: 'ecs', target }, BY, { fromNow: true })
    expect(await report('now')).toMatchObject({ sequence: before, backlog: { events: 0 } })
    stage.startEngine()
    await stage.tell(5)
    await drained('now')
    expect(new Set(got())).toEqual(new Set([1, 2, 3, 4, 5].map((each) => before + each)))
    // Asked for again, it is meant for it.
    expect(await stage.desk.replay('now', { after: before - 5 }, BY)).toBeUndefined()
    await until(() => Math.min(...got()) <= before)
    await drained('now')
    expect(Math.min(...got())).toBe(before - 4)
    await stage.stopEngine()
    server.close()
  }, 30_000)
})
