import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { transaction } from '@catena/platform'
import { appendToFeed, feedId, readFeed, readFeedHead, sequenceBefore, type DestinationReport } from '@catena/siem'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { sampleOf } from '../../libs/siem/src/testing/samples.js'
import { BY, openDeliveryStage, SECRET, until, type DeliveryStage } from './delivery-stage.js'

type Answer = readonly [status: number, body: string]
const TAKEN: Answer = [200, '{"text":"Success","code":0}']

describe('what receivers answer, and what people do about it', () => {
  let stage: DeliveryStage
  let server: Server
  let answer: (body: string, authorization: string) => Answer = () => TAKEN
  beforeAll(async () => {
    stage = await openDeliveryStage()
    server = createServer((request, response) => {
      let body = ''
      request.setEncoding('utf8').on('data', (piece: string) => (body += piece))
      request.on('end', () => {
        const [status, text] = answer(body, request.headers.authorization ?? '')
        response.writeHead(status).end(text)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    stage.startEngine()
  }, 60_000)
  beforeEach(() => {
    answer = () => TAKEN
  })
  afterAll(async () => {
    await stage.close()
    server.closeAllConnections()
    server.close()
  })

  const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  const add = (id: string, kind = 'webhook', over: object = {}) => stage.desk.add({ id, kind, format: 'ocsf', target: { url: url(), allow_private: true, secret_env: 'CATENA_EXPORT_SPEC', ...over } }, BY) // prettier-ignore
  const report = async (id: string): Promise<DestinationReport | undefined> => (await stage.desk.list()).find(({ destination }) => destination.id === id) // prettier-ignore
  const drained = (id: string) => until(async () => (await report(id))?.backlog.events === 0, 10_000)

  it('R8.1 a refusal whose text no database can hold becomes a dead letter, and the others go on', async () => {
    await stage.tell(3)
    await stage.tell(1, { summary: 'poison' })
    await stage.tell(3)
    answer = (body) =>
      body.includes('poison') ? [400, Buffer.from('Bad Request', 'utf16le').toString('latin1')] : TAKEN
    await add('hook')
    await drained('hook')
    expect(await report('hook')).toMatchObject({ deadLetters: 1, status: 'active' })
    const [letter] = await stage.desk.deadLetters({ destination: 'hook', limit: 10 })
    expect(letter?.reason).toBe('the receiver answered 400 B a d R e q u e s t')
  }, 30_000)

  it('R8.1 a secret that a receiver repeats is not kept with its answer', async () => {
    answer = (_, authorization) => [403, `{"text":"Invalid token","sent":"${authorization}"}`]
    await add('echo', 'event-collector')
    await until(async () => ((await report('echo'))?.failures ?? 0) > 0, 8_000)
    expect((await report('echo'))?.lastError).toContain('Invalid token')
    expect((await report('echo'))?.lastError).not.toContain(SECRET)
  }, 30_000)

  it.each([
    ['{"text":"Incorrect index","code":7,"invalid-event-number":1}', 'index'],
    ['{"text":"ACK is disabled","code":14}', 'channel'],
  ])(
    'R8.1 a setting that a collector refuses costs no event (%s)',
    async (text, id) => {
      answer = () => [400, text]
      await add(id, 'event-collector', { index: 'typo' })
      await until(async () => ((await report(id))?.failures ?? 0) > 1, 8_000)
      expect((await report(id))?.lastError).toMatch(/mend its settings, or this destination/)
      answer = () => TAKEN
      await drained(id)
      expect(await report(id)).toMatchObject({ deadLetters: 0, status: 'active' })
    },
    30_000,
  )

  it('R8.1 a destination that is gone for good and resumed at once goes on', async () => {
    answer = () => [410, 'gone']
    await add('gone')
    await until(async () => (await report('gone'))?.status === 'disabled', 8_000)
    answer = () => TAKEN
    await stage.desk.change('ResumeDestination', 'gone', BY)
    await drained('gone')
    expect((await report('gone'))?.status).toBe('active')
  }, 30_000)

  it('R8.1 a destination that is removed and added anew begins with the first event', async () => {
    await add('again')
    await drained('again')
    const { delivered } = (await report('again')) ?? { delivered: 0 }
    await stage.desk.change('RemoveDestination', 'again', BY)
    await stage.stopEngine()
    await add('again')
    expect((await report('again'))?.backlog.events).toBe((await readFeedHead(stage.pool)).sequence)
    expect(delivered).toBeGreaterThan(0)
  }, 30_000)

  it('R8.1 no user, password or token in a URL is recorded', async () => {
    for (const bad of ['https://catena:hunter2hunter2@collector.example/x', 'https://collector.example/x?access_token=abcdef0123456789'])
      await expect(add('bad', 'webhook', { url: bad })).rejects.toThrow(/must hold no user, password, token or key/)
    expect(await report('bad')).toBeUndefined()
  }) // prettier-ignore

  it('R8.1 since a moment leaves out nothing that came with a later time before a clock was set back', async () => {
    const before = (await readFeedHead(stage.pool)).sequence
    const at = Date.now() + 60_000
    for (const later of [5_000, 3_000]) {
      const client = await stage.pool.connect()
      const draft = { id: feedId(`clock ${later}`), content: sampleOf('login').content, positions: [] }
      await transaction(client, () => appendToFeed(client, [draft], at + later)).finally(() => client.release())
    }
    const given = await readFeed(stage.pool, await sequenceBefore(stage.pool, at + 4_000), 10)
    expect(given.map(({ sequence }) => sequence)).toContain(before + 1)
    const { sequence } = await readFeedHead(stage.pool)
    expect(await sequenceBefore(stage.pool, at + 3_600_000)).toBe(sequence)
  })
})
