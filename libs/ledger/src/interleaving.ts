import { LaneMoved, type LaneAdvance, type NewQuarantined, type NewRecord } from './port.js'
import { quarantined, record } from './ledger-samples.js'
import type { MemoryLedger } from './memory-ledger.js'

/** Equal chances from a seed (mulberry32): the same seed gives the same interleaving. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** What stands at each offset of a lane, the same however often it is delivered. */
type Slot = { readonly record: NewRecord } | { readonly poison: NewQuarantined } | 'hole'

/** A consumer's belief about a lane; another may have moved it since. */
interface Consumer {
  expected: bigint | undefined
}

export interface Interleaving {
  readonly lanes: readonly { readonly name: string; readonly slots: readonly Slot[] }[]
  readonly distinct: ReadonlySet<string>
}

/** Lanes that share some of their records, so that the order across lanes decides who is the duplicate. */
export function scenario(chance: () => number): Interleaving {
  const upTo = (max: number): number => Math.floor(chance() * max)
  const distinct = new Set<string>()
  const slot = (): Slot => {
    const kind = chance()
    if (kind < 0.1) return 'hole'
    if (kind < 0.2) return { poison: quarantined(`poison${upTo(6)}`) }
    const made = record(`r${upTo(24)}`)
    distinct.add(made.recordId.toString('hex'))
    return { record: made }
  }
  const lanes = Array.from({ length: 1 + upTo(3) }, (_, lane) => ({
    name: `kafka:c/t/${lane}`,
    slots: Array.from({ length: 1 + upTo(12) }, slot),
  }))
  return { lanes, distinct }
}

/**
 * Two consumers work on all lanes in a random order of steps until every lane is at its end: deliver, deliver and lose the answer (crash
 * after COMMIT), die before it (nothing happens), or believe in an offset of long ago (rebalance, redelivery).
 */
export async function interleave(ledger: MemoryLedger, { lanes }: Interleaving, chance: () => number): Promise<void> {
  const consumers = [0, 1].map(() => lanes.map((): Consumer => ({ expected: undefined })))
  const open = new Set(lanes.keys())
  while (open.size > 0) {
    const lane = [...open][Math.floor(chance() * open.size)] ?? 0
    const { name, slots } = lanes[lane] ?? { name: '', slots: [] }
    const consumer = consumers[chance() < 0.5 ? 0 : 1]?.[lane] ?? { expected: undefined }
    await step(ledger, name, slots, consumer, chance)
    if (Number((await ledger.laneOffset(name)) ?? 0n) === slots.length) open.delete(lane)
  }
}

async function step(
  ledger: MemoryLedger,
  lane: string,
  slots: readonly Slot[],
  consumer: Consumer,
  chance: () => number,
): Promise<void> {
  const fate = chance()
  if (fate < 0.15) return
  if (fate < 0.25) consumer.expected = slots.length === 0 ? undefined : BigInt(Math.floor(chance() * slots.length))
  const from = Number(consumer.expected ?? 0n)
  const taken = slots.slice(from, from + 1 + Math.floor(chance() * 5))
  const advance: LaneAdvance = {
    lane,
    expected: consumer.expected,
    next: BigInt(from + taken.length),
    holes: taken.filter((slot) => slot === 'hole').length,
  }
  try {
    await ledger.append({ records: taken.flatMap(recordIn), quarantined: taken.flatMap(poisonIn), advance })
    if (fate > 0.4) consumer.expected = advance.next
  } catch (error) {
    if (!(error instanceof LaneMoved)) throw error
    consumer.expected = error.stands
  }
}

function recordIn(slot: Slot): NewRecord[] {
  return slot !== 'hole' && 'record' in slot ? [slot.record] : []
}

function poisonIn(slot: Slot): NewQuarantined[] {
  return slot !== 'hole' && 'poison' in slot ? [slot.poison] : []
}
