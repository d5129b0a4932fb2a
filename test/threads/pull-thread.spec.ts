import { pieceReader, piecesInOrder, type ReadPiece } from '@catena/siem'
import { systemClock } from '@catena/platform'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { pullReaders } from '../../apps/worker/src/pull-readers.js'
import { bundleProgram } from '../faults/bundle-program.js'
import { openDeliveryStage, until, type DeliveryStage } from '../siem/delivery-stage.js'

const ROOT = join(import.meta.dirname, '..', '..')
const EVENTS = 3_210
const CANARY = ['ghp_', 'A'.repeat(36)].join('')

describe('a pull whose pieces a thread beside makes too', () => {
  let stage: DeliveryStage
  let alone: string
  const folder = mkdtempSync(join(tmpdir(), 'catena-pull-thread-'))
  const errors: unknown[] = []
  beforeAll(async () => {
    stage = await openDeliveryStage()
    await stage.tell(EVENTS - 1)
    await stage.tell(1, { summary: `leaked ${CANARY}` })
    alone = await answerOf([pieceReader(stage.pool, systemClock)])
  }, 60_000)
  afterAll(async () => {
    await stage.close()
    rmSync(folder, { recursive: true })
  }, 30_000)

  /** Every text in its order, without the send time, and what was withheld. */
  async function answerOf(readers: readonly [ReadPiece, ...ReadPiece[]]): Promise<string> {
    const [texts, withheld] = [[] as string[], [] as number[]]
    const question = { format: 'ocsf', filter: {}, joint: '\n' } as const
    for await (const piece of piecesInOrder(readers, question, { after: 0, eventsMax: EVENTS })) {
      texts.push(Buffer.from(piece.bytes).toString())
      withheld.push(...piece.withheld)
    }
    return `${texts.join('\n').replace(/"transmit_time":\d+/g, '')}${String(withheld)}`
  }
  const readersOf = (file: URL) => pullReaders(stage, stage, { error: (one: unknown) => errors.push(one) }, file)

  it('R8.1 gives the same, and withholds the same', async () => {
    await bundleProgram(join(ROOT, 'apps/worker/src/pull-thread.ts'))
    const file = pathToFileURL(join(ROOT, 'node_modules', '.cache', 'catena-faults', 'pull-thread.mjs'))
    const { readers, stop } = readersOf(file)
    const [, aside] = readers
    const isBegun = async () =>
      (
        await stage.pool.query(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'catena-pull'`,
        )
      ).rowCount !== 0
    // Until it has begun, the caller's thread answers.
    await until(async () => (await answerOf(readers)) === alone && (await isBegun()))
    const first = await aside?.({ after: 0, eventsMax: 3, textsMax: 2, format: 'ecs', filter: {}, joint: ',' })
    expect([first?.count, first?.eventsRead, first?.reached?.sequence]).toEqual([2, 3, 2])
    expect(await answerOf(readers)).toBe(alone)
    expect(alone).toMatch(new RegExp(`\\D${EVENTS}$`))
    expect(alone).not.toContain(CANARY)
    await stop()
    expect(errors).toEqual([])
  }, 60_000)

  it('R8.1 gives the same where that thread dies of every question', async () => {
    const path = join(folder, 'dying.mjs')
    writeFileSync(
      path,
      `import { parentPort } from 'node:worker_threads'\nparentPort.on('message', () => process.exit(3))\nparentPort.postMessage('ready')\n`,
    )
    const { readers, stop } = readersOf(pathToFileURL(path))
    const [, aside] = readers
    // Begun by the first question, it dies of one after.
    await until(async () => {
      await aside?.({ after: 0, eventsMax: 1, textsMax: 1, format: 'ecs', filter: {}, joint: ',' })
      return errors.length > 0
    })
    expect(await answerOf(readers)).toBe(alone)
    await stop()
  }, 60_000)
})
