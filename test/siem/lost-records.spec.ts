import { createLogger } from '@catena/platform'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { feedAndSenders, type Startable } from '../../apps/worker/src/export.js'
import { until } from './delivery-stage.js'
import { openFeedStage, type FeedStage } from './stage.js'

describe('records that their connector failed on', () => {
  let stage: FeedStage
  let worker: Startable
  beforeAll(async () => {
    stage = await openFeedStage(undefined, { isLed: false })
    await stage.take(['vault'])
    await until(async () => (await stage.reader.projectedPosition()) === (await stage.ledger.head()))
    // As the index would hold two of an hour, and one of another.
    await stage.pool.query(`UPDATE access_fact SET kind = 'not-interpreted', occurred_us = CASE WHEN number = 3 THEN 3 ELSE 1 END * 3600000000::bigint + number
      FROM (SELECT fact AS chosen, row_number() OVER (ORDER BY fact) AS number FROM access_fact WHERE source = 'vault' LIMIT 3) three WHERE fact = chosen`) // prettier-ignore
    worker = feedAndSenders({ ...stage, logger: createLogger('silent'), connectKafka: undefined })
    worker.start()
  }, 60_000)
  afterAll(async () => {
    await worker.stop()
    await stage.close()
  }, 30_000)

  const told = async () => (await stage.events()).map(({ content }) => content).filter(({ kind }) => kind === 'records-not-interpreted') // prettier-ignore

  it('R8.1 R1.9 are told to the SIEM, each hour of a source once', async () => {
    await until(async () => (await told()).length === 2)
    expect(await told()).toMatchObject([
      { source: 'vault', severity: 4, outcome: 'unknown', details: { from: '1970-01-01T01:00:00.000Z', to: '1970-01-01T02:00:00.000Z' } },
      { source: 'vault', severity: 4, outcome: 'unknown', details: { from: '1970-01-01T03:00:00.000Z', to: '1970-01-01T04:00:00.000Z' } },
    ]) // prettier-ignore
    // Whoever looks at the sources next tells nothing again.
    await worker.stop()
    worker = feedAndSenders({ ...stage, logger: createLogger('silent'), connectKafka: undefined })
    worker.start()
    await until(async () => (await stage.pool.query(`SELECT FROM feed_head WHERE position = (SELECT position FROM ledger_head)`)).rowCount === 1) // prettier-ignore
    expect(await told()).toHaveLength(2)
  }, 60_000)
})
