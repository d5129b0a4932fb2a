import { BatchRefused, ReceiverUnavailable, type ItemResult, type Outgoing, type Sink } from '../sinks/sink.js'
import type { DeadLetter } from './checkpoint.js'

/** What became of a batch: its first `count` events are dealt with, delivered or dead. */
export interface Settled {
  readonly count: number
  readonly delivered: number
  readonly dead: readonly DeadLetter[]
  /** Why it went no further. */
  readonly fault?: Error
}

/**
 * Sends a batch around what the receiver refuses: a batch refused as a whole is halved until the event is found that is at fault, and only
 * that one is dead. In order, so that a fault leaves a prefix.
 */
export async function sendAround(sink: Sink, batch: readonly Outgoing[], signal: AbortSignal): Promise<Settled> {
  if (batch.length === 0) return { count: 0, delivered: 0, dead: [] }
  try {
    return settle(batch, await sink.send(batch, signal))
  } catch (error) {
    if (!(error instanceof BatchRefused)) return { count: 0, delivered: 0, dead: [], fault: error as Error }
    const [only] = batch
    if (batch.length === 1 && only !== undefined) return { count: 1, delivered: 0, dead: [{ event: only.event, reason: error.message }] } // prettier-ignore
  }
  const half = batch.length >> 1
  const first = await sendAround(sink, batch.slice(0, half), signal)
  if (first.fault !== undefined) return first
  const second = await sendAround(sink, batch.slice(half), signal)
  return {
    count: first.count + second.count,
    delivered: first.delivered + second.delivered,
    dead: [...first.dead, ...second.dead],
    ...(second.fault === undefined ? {} : { fault: second.fault }),
  }
}

function settle(batch: readonly Outgoing[], results: readonly ItemResult[]): Settled {
  const dead = batch.flatMap(({ event }, index) => {
    const result = results[index]
    return result === undefined || result === 'delivered' ? [] : [{ event, reason: result.refused }]
  })
  const count = Math.min(results.length, batch.length)
  const fault = count < batch.length ? { fault: new ReceiverUnavailable('the receiver took a part of the batch') } : {}
  return { count, delivered: count - dead.length, dead, ...fault }
}
