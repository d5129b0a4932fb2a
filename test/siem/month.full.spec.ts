import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FORMATS, type FeedEvent } from '@catena/siem'
import { FolderOutput, simulate, SIMULATION_DEFAULTS } from '@catena/simulation'
import { openRecording } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { HTTP } from 'cloudevents'
import { DECISION_READINGS } from '../../libs/siem/src/feed/decisions/readings.js'
import { parseCef } from '../../libs/siem/src/testing/parse-cef.js'
import { ecsValidator, ocsfValidator } from '../../libs/siem/src/testing/schemas.js'
import { hasProgram } from '../../libs/siem/src/testing/tools.js'
import { openFeedStage, type FeedStage } from './stage.js'

const DAYS = 30
const START = Date.UTC(2026, 0, 5)
const SENT = START + DAYS * 86_400_000
const CREDENTIAL = 'credential:vault/prod-1:kv_1/orders/db'
/** Members that decisions of any type may hold; each reading takes what is its own. */
const DATA = { credentials: [CREDENTIAL], credential: CREDENTIAL, campaign: 'campaign:1', control: 'grant-ends', reason: 'a reason', why: 'a reason', words: 'some words', by: 'person:catena:a', byName: 'Ann', to: 'person:catena:b', toName: 'Bo', destination: 'soc' } // prettier-ignore

describe('a simulated month, from the records of its sources to every format', () => {
  const folder = mkdtempSync(join(tmpdir(), 'catena-month-'))
  let stage: FeedStage
  let events: FeedEvent[]
  let records = 0
  beforeAll(async () => {
    const out = new FolderOutput(folder)
    records = simulate({ ...SIMULATION_DEFAULTS, people: 16, credentials: 40, days: DAYS, rate: 100, start: START }, out).records // prettier-ignore
    out.close()
    stage = await openFeedStage(await openRecording(folder))
    await stage.feed([''])
    for (const [day, type] of Object.keys(DECISION_READINGS).entries()) {
      const event = { type, schemaVersion: 1, occurredAt: START + (day % DAYS) * 86_400_000, actor: 'person:a', payload: Buffer.from(JSON.stringify(DATA)), subjects: [] } // prettier-ignore
      await stage.ledger.appendDecisions(`month:${type}`, 0, [event])
    }
    await stage.caughtUp()
    events = await stage.events()
  }, 240_000)
  afterAll(async () => {
    await stage.close()
    rmSync(folder, { recursive: true })
  }, 30_000)

  it('R8.1 is told whole: numbered without a gap, and every decision of the month by itself', () => {
    expect(records).toBeGreaterThan(1_000)
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1))
    const types = new Set(
      events.filter(({ content }) => content.source === 'catena').map(({ content }) => content.type),
    )
    expect(Object.keys(DECISION_READINGS).filter((type) => !types.has(type))).toEqual([])
    console.log(`${records} records and ${types.size} decisions became ${events.length} events of ${new Set(events.map(({ content }) => content.kind)).size} kinds`) // prettier-ignore
  })

  it('R8.1 has 0 violations of OCSF 1.8.0, and 0 of ECS', () => {
    const [ocsf, ecs] = [ocsfValidator(), ecsValidator()]
    const read = (text: string): object => JSON.parse(text) as object
    expect(events.flatMap((event) => ocsf(read(FORMATS.ocsf.render(event, SENT))))).toEqual([])
    expect(events.flatMap((event) => ecs(read(FORMATS.ecs.render(event, SENT))))).toEqual([])
  })

  it('R8.1 is read by the SDK of CloudEvents', () => {
    const headers = { 'content-type': 'application/cloudevents+json' }
    for (const event of events) HTTP.toEvent({ headers, body: FORMATS.cloudevents.render(event, SENT) })
  })

  it('R8.1 is read by an independent parser of CEF, event for event', () => {
    if (!hasProgram('lognormalizer', 'liblognorm-utils')) return
    const parsed = parseCef(events.map((event) => FORMATS.cef.render(event, SENT)))
    expect(parsed.map(({ SignatureID, Extensions }) => [SignatureID, Extensions['externalId'], Extensions['cn1']])).toEqual(events.map(({ id, sequence, content }) => [content.kind, id, String(sequence)])) // prettier-ignore
  })
})
