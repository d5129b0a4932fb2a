import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { Webhook } from 'standardwebhooks'
import { account, BY, openDeliveryStage, SECRET, SOUND, until, type DeliveryStage } from './delivery-stage.js'
import { readOcsf, startHostileReceiver, type HostileReceiver } from './hostile-receiver.js'

let stage: DeliveryStage
let receiver: HostileReceiver
beforeAll(async () => {
  stage = await openDeliveryStage()
  receiver = await startHostileReceiver(readOcsf)
}, 60_000)
afterEach(() => stage.stopEngine())
afterAll(async () => {
  await stage.close()
  await receiver.kill()
})

const webhook = (id: string, over: object = {}): object => ({ id, kind: 'webhook', format: 'ocsf', target: { url: receiver.url, allow_private: true, secret_env: 'CATENA_EXPORT_SPEC' }, ...over }) // prettier-ignore
const head = async (): Promise<number> => Number((await stage.pool.query<{ sequence: string }>('SELECT sequence FROM feed_head')).rows[0]?.sequence) // prettier-ignore
const report = async (id: string) => (await stage.desk.list()).find(({ destination }) => destination.id === id)
const drained = (id: string): Promise<void> => until(async () => (await report(id))?.backlog.events === 0)

describe('a receiver that answers 429, 500, hangs, cuts, and breaks after it took', () => {
  it('R8.1 gets every event, repeats with the same id, order per credential, no gap', async () => {
    await stage.tell(2_000)
    receiver.moods = ['busy', 'fault', 'take', 'hang', 'cut', 'late', 'redirect', 'busy', 'late', 'cut']
    expect(await stage.desk.add(webhook('hook'), BY)).toBeUndefined()
    stage.startEngine()
    await drained('hook')
    const [got, total] = [receiver.got.filter(({ id }) => id !== ''), await head()]
    expect(account(got, total)).toEqual(SOUND)
    expect(got.length).toBeGreaterThan(total)
    expect((await report('hook'))?.deadLetters).toBe(0)
  }, 40_000)

  it('signs as Standard Webhooks asks, and the same events again under the same id', () => {
    for (const { headers, body } of receiver.requests)
      expect(() => new Webhook(SECRET).verify(body, headers as Record<string, string>)).not.toThrow()
    const { headers, body } = receiver.requests[0]!
    expect(() => new Webhook(SECRET).verify(`${body} `, headers as Record<string, string>)).toThrow()
  })
})

describe('a poison event', () => {
  it('R8.1 goes to the dead letters with its reason, the stream goes on, and the gap is told', async () => {
    const before = await head()
    await stage.tell(300)
    await stage.tell(1, { summary: 'poison' })
    await stage.tell(300)
    receiver.moods = [{ refuse: /"message":"poison"/ }]
    stage.startEngine()
    await drained('hook')
    const dead = await stage.desk.deadLetters({ destination: 'hook', limit: 10 })
    expect(dead).toMatchObject([{ sequence: before + 301, reason: expect.stringContaining('400 what is this') }])
    const sequences = new Set(receiver.got.map(({ sequence }) => sequence))
    expect(sequences.has(before + 301)).toBe(false)
    // The message about the gap is the last event of the feed.
    expect(await head()).toBe(before + 602)
    expect(sequences.has(before + 602)).toBe(true)
    receiver.moods = []
  }, 40_000)

  it('R8.1 that looks like a secret never leaves', async () => {
    const canary = ['ghp_', 'A'.repeat(36)].join('')
    await stage.tell(1, { summary: `leaked ${canary}` })
    stage.startEngine()
    await drained('hook')
    expect(receiver.requests.some(({ body }) => body.includes(canary))).toBe(false)
    expect((await stage.desk.deadLetters({ limit: 1 }))[0]?.reason).toContain('secret')
  })
})

describe('a destination that hangs', () => {
  it('R8.1 delays no other', async () => {
    const silent = await startHostileReceiver(readOcsf)
    silent.moods = Array.from({ length: 100 }, () => 'hang' as const)
    await stage.desk.add(webhook('silent', { target: { url: silent.url, allow_private: true, secret_env: 'CATENA_EXPORT_SPEC' } }), BY) // prettier-ignore
    await stage.tell(1_000)
    stage.startEngine()
    await drained('hook')
    const waiting = await report('silent')
    expect(waiting?.backlog.events).toBe(await head())
    expect(waiting?.backlog.bytes).toBeGreaterThan(100_000)
    expect(waiting?.backlog.ageMs).toBeGreaterThan(0)
    await stage.desk.change('RemoveDestination', 'silent', BY)
    await stage.stopEngine()
    await silent.kill()
  }, 40_000)
})

describe('people', () => {
  it('R8.1 pause, resume and replay: the same bytes but for the send time', async () => {
    const before = receiver.requests.length
    await stage.desk.change('PauseDestination', 'hook', BY)
    await stage.tell(5)
    stage.startEngine()
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(receiver.requests.length).toBe(before)
    await stage.desk.change('ResumeDestination', 'hook', BY)
    await drained('hook')
    const after = (await head()) - 5
    const first = receiver.requests.at(-1)?.body
    expect(await stage.desk.replay('hook', { after }, { ...BY, at: Date.now() })).toBeUndefined()
    await until(() => receiver.requests.length >= before + 2)
    const withoutSendTime = (body?: string): string | undefined => body?.replace(/"transmit_time":\d+/g, '')
    expect(withoutSendTime(receiver.requests.at(-1)?.body)).toBe(withoutSendTime(first))
    expect(receiver.requests.at(-1)?.headers['webhook-id']).toBe(receiver.requests.at(-2)?.headers['webhook-id'])
  }, 30_000)

  it('are told what cannot be', async () => {
    const bad = async (written: object): Promise<string> => {
      try {
        return (await stage.desk.add(written, BY))?.message ?? 'accepted'
      } catch (error) {
        return (error as Error).message
      }
    }
    expect(await bad({ ...webhook('x'), kind: 'carrier-pigeon' })).toMatch(/kind must be one of kafka, syslog/)
    expect(await bad({ ...webhook('x'), filter: { kinds: ['no-such-kind'] } })).toMatch(/filter.kinds/)
    expect(await bad({ ...webhook('x'), filter: { sources: ['nobody'] } })).toMatch(/selects nothing: there are vault, catena/)
    expect(await bad({ ...webhook('x'), filter: { kinds: ['heartbeat'] } })).toMatch(/filter.kinds selects nothing: heartbeat/)
    expect(await bad(webhook('x', { target: { url: 'http://collector.example/', secret_env: 'CATENA_EXPORT_SPEC' } }))).toMatch(/must begin with https/)
    expect(await bad(webhook('x', { target: { url: receiver.url, allow_private: true, secret: 'hunter2' } }))).toMatch(/name a secret by secret_env/)
    expect(await bad(webhook('hook'))).toMatch(/there is a destination hook/)
    expect(await stage.desk.change('PauseDestination', 'nix', BY)).toMatchObject({ refused: 'NO_SUCH_DESTINATION' })
    expect(await stage.desk.replay('hook', { after: 1e9 }, BY)).toMatchObject({ refused: 'BEYOND_THE_FEED' })
  }) // prettier-ignore

  it('get the exact line that a test sends', async () => {
    expect(await stage.desk.test('hook', 2_000)).toEqual({ line: expect.stringContaining('"event_code":"test"') })
    expect(receiver.requests.at(-1)?.body).toContain('"event_code":"test"')
  })

  it('R8.1 see a destination disabled whose receiver is gone for good, and one whose address is forbidden', async () => {
    receiver.moods = ['gone']
    await stage.tell(1)
    await stage.desk.add(webhook('metadata', { target: { url: 'https://169.254.169.254/x', allow_private: true, secret_env: 'CATENA_EXPORT_SPEC' } }), BY) // prettier-ignore
    await stage.desk.add(webhook('inside', { target: { url: 'https://127.0.0.1:1/x', secret_env: 'CATENA_EXPORT_SPEC' } }), BY) // prettier-ignore
    stage.startEngine()
    await until(async () => (await stage.desk.list()).every(({ status }) => status === 'disabled'))
    expect((await report('hook'))?.reason).toMatch(/gone for good/)
    expect((await report('metadata'))?.reason).toMatch(/clouds serve their credentials/)
    expect((await report('inside'))?.reason).toMatch(/private: add the destination with --allow-private/)
  }, 30_000)
})
