import { join } from 'node:path'
import { readFeedHead, type FeedEvent } from '@catena/siem'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { bundleProgram } from '../faults/bundle-program.js'
import { runProgram, type RunningProgram } from '../faults/run-program.js'
import { until } from './delivery-stage.js'
import { isAllTold, staleIn } from './feed-and-walk.js'
import { aheadAndSilent, isEnding, partsBy } from './late-lines.js'
import { Parts, recordedLines } from './recorded-lines.js'
import { openFeedStage, type FeedStage } from './stage.js'
import type { FeedWork } from './told-again-process.js'
import { GATES, shutGates, type Gate, type TellingGates } from './telling-gates.js'

const ROOT = join(import.meta.dirname, '..', '..')
const BUNDLE = join(ROOT, 'node_modules', '.cache', 'catena-faults', 'told-again-process.mjs')
/** So small that there are many to be struck in. */
const PIECE_FACTS = 10
const WAIT_MAX_MS = 60_000

const KINDS = ['coverage', 'slot', 'ended', 'clock']

interface Strike {
  readonly part: number
  readonly kind: string
  readonly gate: Gate
}

describe('the process that leads the feed, killed with SIGKILL while it tells again what it told', () => {
  let stage: FeedStage
  let parts: Parts
  let gates: TellingGates
  let running: RunningProgram | undefined
  const strikes: Strike[] = []

  beforeAll(async () => {
    const { kept, isLater, isMinted } = aheadAndSilent(await recordedLines())
    const later = [...['credential', 'vault-token-path', 'vault-lease-prefix'].map(isEnding), isLater, isMinted]
    parts = new Parts(partsBy(kept, later))
    const sources = [...new Set(kept.map(({ source }) => source))]
    stage = await openFeedStage({ sources, files: parts.files }, { isLed: false })
    gates = await shutGates(stage.ownerUrl)
    await bundleProgram(join(import.meta.dirname, 'told-again-process.ts'))
  }, 120_000)
  afterAll(async () => {
    await kill()
    await gates.close()
    await stage.close()
    parts.remove()
  }, 60_000)

  const begin = (): void => {
    const work: FeedWork = { databaseUrl: stage.databaseUrl, sources: stage.interpretation.sources, againFactsMax: PIECE_FACTS }
    running = runProgram(BUNDLE, work)
  }
  async function kill(): Promise<void> {
    running?.child.kill('SIGKILL')
    await running?.end
    running = undefined
  }
  /** One process after another, each killed where it stands, until all of the part is taken in and told. */
  async function tellStruck(part: number): Promise<void> {
    let isTaken = false
    await gates.aimAtNext()
    const taking = stage.take(parts.names.slice(part, part + 1)).then(() => (isTaken = true))
    for (;;) {
      begin()
      await until(async () => (await gates.reached()) !== undefined || (isTaken && (await isAllTold(stage))), WAIT_MAX_MS)
      const gate = await gates.reached()
      if (gate === undefined) break
      strikes.push({ part, kind: await waitingKind(), gate })
      await kill()
      await gates.letGo()
    }
    await Promise.all([taking, kill()])
  }
  /** As others see it: what the struck process had done of it is not there yet. */
  async function waitingKind(): Promise<string> {
    const { rows } = await stage.pool.query<{ kind: string }>('SELECT kind FROM feed_again ORDER BY number LIMIT 1')
    return rows[0]?.kind ?? ''
  }

  it('R8.1 R3.1 says in the end of every chain what a walk says: each revision once, in a sequence without a gap', async () => {
    for (const part of parts.names.keys()) await tellStruck(part)
    console.log(`struck ${strikes.length} times: ${strikes.map(({ part, kind, gate }) => `part ${part} ${kind} ${gate}`).join(', ')}`)
    const events = await stage.events()
    const { chains, stale } = await staleIn(stage)
    expect(stale).toEqual([])
    expect(chains).toBeGreaterThan(200)
    expect((await readFeedHead(stage.pool)).sequence).toBe(events.length)
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1))
    expect(wronglyRevised(events)).toEqual([])
    expect(toldTwice(events)).toEqual([])
    expect(strikes.length).toBeGreaterThanOrEqual(20)
    expect(parts.names.filter((_, part) => !strikes.some((one) => one.part === part))).toEqual([])
    expect(KINDS.filter((kind) => !strikes.some((one) => one.kind === kind))).toEqual([])
    expect(GATES.filter((gate) => strikes.filter((one) => one.gate === gate).length < 4)).toEqual([])
  }, 480_000)
}) // prettier-ignore

/** Events that are not the next revision of their id, or say what the one before them says. */
function wronglyRevised(events: readonly FeedEvent[]): FeedEvent[] {
  const before = new Map<string, FeedEvent>()
  return events.filter((event) => {
    const last = before.get(event.id)
    before.set(event.id, event)
    return event.revision !== (last?.revision ?? 0) + 1 || event.hash === last?.hash
  })
}

/** What stands under more than one id. */
function toldTwice(events: readonly FeedEvent[]): string[] {
  const ids = new Map<string, string>()
  return events.flatMap(({ id, content: { kind, type, reference } }) => {
    const thing = [reference, kind === 'finding-opened' ? type : ''].join(' ')
    const known = ids.get(thing) ?? id
    ids.set(thing, known)
    return known === id ? [] : [thing]
  })
}
