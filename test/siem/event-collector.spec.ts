import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  account,
  BY,
  IMPATIENT,
  openDeliveryStage,
  SECRET,
  SOUND,
  until,
  type DeliveryStage,
} from './delivery-stage.js'
import { startFakeCollector, type FakeCollector } from './fake-collector.js'

/** Well beyond the two seconds within which the fifth question for an acknowledgement comes. */
const PATIENCE = { ...IMPATIENT, attemptMs: 8_000 }

describe('an HTTP event collector with indexer acknowledgement (a fake of it)', () => {
  let stage: DeliveryStage
  let collector: FakeCollector
  beforeAll(async () => {
    stage = await openDeliveryStage({ patience: PATIENCE })
    collector = await startFakeCollector(SECRET)
  }, 60_000)
  afterAll(async () => {
    await stage.close()
    await collector.close()
  })

  const target = (over: object = {}) => ({ url: collector.url, allow_private: true, secret_env: 'CATENA_EXPORT_SPEC', ack: true, ...over }) // prettier-ignore
  const add = (id: string, over: object = {}) => stage.desk.add({ id, kind: 'event-collector', format: 'ocsf', target: target(over) }, BY) // prettier-ignore
  const report = async () => (await stage.desk.list()).find(({ destination }) => destination.id === 'splunk')

  it('R8.1 has an event only when the indexer says so, however late; what it never says is sent again under the same id', async () => {
    collector.acknowledgements = ['never', 5]
    await stage.tell(120)
    await add('splunk')
    stage.startEngine()
    await until(() => collector.got.length === 120)
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect(await report()).toMatchObject({ sequence: 0, delivered: 0, backlog: { events: 120 } })
    await until(() => collector.got.length === 240)
    expect((await report())?.sequence).toBe(0)
    await until(async () => (await report())?.backlog.events === 0)
    expect(collector.got).toHaveLength(240)
    expect(account(collector.got, 120)).toEqual(SOUND)
    expect(await report()).toMatchObject({ delivered: 120, deadLetters: 0 })
    await stage.stopEngine()
  })

  it('says what is wrong with its settings', async () => {
    collector.givesIds = false
    expect(await stage.desk.test('splunk', 3_000)).toMatchObject({ fault: 'the collector gives no acknowledgements: switch them on there, or off here' }) // prettier-ignore
    await add('silent', { ack: false })
    expect(await stage.desk.test('silent', 3_000)).toMatchObject({ fault: expect.stringMatching(/10 Data channel is missing: mend its settings/) }) // prettier-ignore
  })
})
