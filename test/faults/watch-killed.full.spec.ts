import { join } from 'node:path'
import { decodeDecision } from '@catena/ledger'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { definition, on } from '../../libs/recertification/src/testing/campaign.js'
import { accessTo, openDeskField, type DeskField } from '../../libs/recertification/src/testing/desk-field.js'
import { commandCampaign, loadCampaign } from '@catena/recertification'
import { bundleProgram } from './bundle-program.js'
import { runProgram } from './run-program.js'
import { bySeed, struckAtRandom } from './struck.js'

const ROOT = join(import.meta.dirname, '..', '..')
const BUNDLE = join(ROOT, 'node_modules', '.cache', 'catena-faults', 'watch-process.mjs')
const ACCESSES = 12
const SEALED = 30

beforeAll(() => bundleProgram(join(import.meta.dirname, 'watch-process.ts')), 60_000)

/** All certified, sealed, and not watched yet. */
async function sealed(field: DeskField): Promise<void> {
  field.startAnew(Array.from({ length: ACCESSES }, (_, index) => accessTo(index + 1)))
  await field.define('watched', definition())
  const id = await field.launch('watched')
  for (let number = 1; number <= ACCESSES; number++) await field.decide(id, number, 'certify')
  for (const day of [15, 15]) await field.advance(id, day)
  await commandCampaign(field.desk, id, { type: 'SignOff', reason: '', undecided: 0 }, on(16))
  await field.settle()
  await field.advanceTo(id, 'sealed', SEALED)
  expect(await loadCampaign(field.desk, id)).toMatchObject({ status: 'sealed' })
}

function givenOf({ databaseUrl }: DeskField) {
  return { databaseUrl, accesses: ACCESSES, day: SEALED + 1 }
}

/** What was said of sealed decisions: item and words of each event, sorted. */
async function saidBy(field: DeskField): Promise<string[]> {
  const events = await field.ledger.readDecisions(0, 100_000)
  const said = events.filter(({ type }) => type === 'SealedDecisionImpeached')
  return said.map((event) => JSON.stringify([event.stream, (decodeDecision(event)?.event.data as { why?: unknown } | undefined)?.why])).sort() // prettier-ignore
}

async function saidUndisturbed(): Promise<string[]> {
  const field = await openDeskField()
  try {
    await sealed(field)
    expect(await runProgram(BUNDLE, givenOf(field)).end).toBe(0)
    return await saidBy(field)
  } finally {
    await field.close()
  }
}

describe('the watch after the seal, killed with SIGKILL while contradictions arrive', () => {
  it('R6.4 says at the end what it says undisturbed: none twice, none lost', () => bySeed(async () => {
    const undisturbed = await saidUndisturbed()
    expect(new Set(undisturbed).size).toBe(ACCESSES)
    expect(undisturbed).toHaveLength(ACCESSES)
    const field = await openDeskField()
    try {
      await sealed(field)
      const strikes = await struckAtRandom(BUNDLE, givenOf(field))
      process.stderr.write(`the watch was struck after ${strikes.join(', ')} ms\n`)
      expect(strikes.length).toBeGreaterThan(3)
      expect(await saidBy(field)).toEqual(undisturbed)
    } finally {
      await field.close()
    }
  }), 240_000) // prettier-ignore
})
