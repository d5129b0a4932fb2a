import type { NewRecord } from '@catena/ledger'
import type { Contender } from './contender.js'
import type { Cost, Meter } from './meter.js'

/** Batch sizes that rounds take in turn, for the ledger and for COPY alike. */
export const BATCH_SIZES = [2_000, 4_000, 8_000]
/** Events of one run of those: two batches of the largest size. */
export const RUN_EVENTS = 16_000
/** Batch sizes among which Emmett's best is looked for. */
const EMMETT_BATCH_SIZES = [100, 300, 1_000, 3_000]
const EMMETT_RUN_EVENTS = 6_000
const PRISMA_RUN_EVENTS = 600
/** Runs before the first round, so that both programs and the server are warm. */
const WARM_UP_RUNS = 3

export interface Field {
  readonly ours: Contender
  readonly copy: Contender
  readonly emmett: Contender | undefined
  readonly prisma: Contender
}

/** Costs of all contenders by round; the slow ones run in some rounds only. */
export interface Round {
  readonly batchSize: number
  readonly ours: Cost
  readonly copy: Cost
  readonly emmett: Cost | undefined
  readonly prisma: Cost | undefined
}

export interface Course {
  /** Pairs of ledger and COPY. */
  readonly pairs: number
  /** How many of the pairs the slower contenders join, spread evenly. */
  readonly slowRounds: number
  readonly fresh: (count: number) => NewRecord[]
  readonly meter: Meter
}

/** Interleaved rounds; who begins changes from pair to pair. */
export async function runRounds(
  field: Field,
  course: Course,
): Promise<{ rounds: Round[]; emmettBatchSize: number | undefined }> {
  const run = async (contender: Contender, events: number, batchSize: number): Promise<Cost> => {
    await contender.ready(course.fresh(events), batchSize)
    globalThis.gc?.()
    return course.meter.measure(events, () => contender.write())
  }
  for (let warm = 0; warm < WARM_UP_RUNS; warm++) {
    for (const contender of [field.ours, field.copy])
      await run(contender, RUN_EVENTS, BATCH_SIZES[warm % 3] ?? RUN_EVENTS)
  }
  await run(field.prisma, PRISMA_RUN_EVENTS, 1)
  const emmettBatchSize = field.emmett && (await bestBatchSize(field.emmett, run))
  const rounds: Round[] = []
  const every = Math.max(1, Math.floor(course.pairs / course.slowRounds))
  for (let pair = 0; pair < course.pairs; pair++) {
    const batchSize = BATCH_SIZES[pair % BATCH_SIZES.length] ?? RUN_EVENTS
    const order = pair % 2 === 0 ? (['ours', 'copy'] as const) : (['copy', 'ours'] as const)
    const costs: Partial<Record<'ours' | 'copy', Cost>> = {}
    for (const name of order) costs[name] = await run(field[name], RUN_EVENTS, batchSize)
    const slow = pair % every === 0 && pair / every < course.slowRounds
    const emmett = slow && field.emmett ? await run(field.emmett, EMMETT_RUN_EVENTS, emmettBatchSize ?? 1) : undefined
    const prisma = slow ? await run(field.prisma, PRISMA_RUN_EVENTS, 1) : undefined
    rounds.push({ batchSize, ours: costs.ours as Cost, copy: costs.copy as Cost, emmett, prisma })
  }
  return { rounds, emmettBatchSize }
}

/** Twice round, so that the first size does not pay for the warming. */
async function bestBatchSize(
  emmett: Contender,
  run: (contender: Contender, events: number, batchSize: number) => Promise<Cost>,
): Promise<number> {
  const best = { batchSize: 1, rate: 0 }
  for (const batchSize of [...EMMETT_BATCH_SIZES, ...EMMETT_BATCH_SIZES]) {
    const { eventsPerSecond: rate } = await run(emmett, EMMETT_RUN_EVENTS, batchSize)
    if (rate > best.rate) Object.assign(best, { batchSize, rate })
  }
  return best.batchSize
}
