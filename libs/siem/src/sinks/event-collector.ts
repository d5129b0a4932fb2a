import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { openPoster, requireTaken, type Answer, type Poster, type PostTarget } from './post.js'
import { allDelivered, BatchRefused, ReceiverUnavailable, type Outgoing, type ReadSecret, type Sink } from './sink.js'

/** How often an acknowledgement is asked for, and how long it is waited for. */
const ACK_EVERY_MS = 500
const ACK_WAIT_MS = 60_000

export interface CollectorTarget extends PostTarget {
  readonly token: ReadSecret
  /** Wait until the indexer says that it holds the events (indexer acknowledgement). */
  readonly withAck: boolean
  readonly index?: string
  readonly sourcetype?: string
  readonly ackEveryMs?: number
}

/** The HTTP event collector of Splunk, and what others made in its shape: `POST /services/collector/event`. */
export function openEventCollector(target: CollectorTarget): Sink {
  const poster = openPoster(target)
  const channel = randomUUID()
  const base = target.url.pathname.replace(/\/$/, '')
  const headersOf = (token: string) => ({ authorization: `Splunk ${token}`, 'content-type': 'application/json', ...(target.withAck ? { 'x-splunk-request-channel': channel } : {}) }) // prettier-ignore
  return {
    unacknowledgedMax: 0,
    send: async (batch, signal) => {
      const body = batch.map((one) => envelope(one, target)).join('\n')
      const headers = headersOf(await target.token())
      const answer = await poster.post(`${base}/services/collector/event`, headers, body, signal)
      requireSettings(answer)
      requireTaken(answer)
      const { code, text, ackId } = parsed(answer.body)
      if (code !== 0) throw new BatchRefused(`the collector answered ${code} ${text}`)
      if (target.withAck) await acknowledged(poster, { base, headers, ackId, signal, everyMs: target.ackEveryMs ?? ACK_EVERY_MS }) // prettier-ignore
      return allDelivered(batch)
    },
    close: () => {
      poster.close()
      return Promise.resolve()
    },
  }
}

function envelope({ event, text }: Outgoing, { index, sourcetype }: CollectorTarget): string {
  const fields = { id: event.id, revision: String(event.revision), sequence: String(event.sequence) }
  const head = JSON.stringify({ time: event.content.occurredAt / 1000, source: 'catena', sourcetype: sourcetype ?? 'catena', ...(index === undefined ? {} : { index }), fields }) // prettier-ignore
  return `${head.slice(0, -1)},"event":${text.startsWith('{') ? text : JSON.stringify(text)}}`
}

/**
 * Codes by which a collector refuses with status 400 what no event is to blame for: incorrect index, data channel missing or invalid, acknowledgements
 * disabled, authorization by the query (Splunk, "Troubleshoot HTTP Event Collector").
 */
const OF_ITS_SETTINGS: readonly number[] = [7, 10, 11, 14, 16]

function requireSettings({ status, body }: Answer): void {
  if (status !== 400) return
  const { code, text } = parsed(body, { code: -1, text: '', ackId: undefined })
  if (OF_ITS_SETTINGS.includes(code)) throw new ReceiverUnavailable(`the collector answered ${code} ${text}: mend its settings, or this destination`)
} // prettier-ignore

interface Reply {
  readonly code: number
  readonly text: string
  readonly ackId: number | undefined
}

/** `other`: what stands for an answer that is none of a collector. Without it throws ReceiverUnavailable. */
function parsed(body: string, other?: Reply): Reply {
  try {
    const { code, text, ackId } = JSON.parse(body) as Partial<Reply>
    return { code: code ?? 0, text: text ?? '', ackId }
  } catch {
    if (other !== undefined) return other
    throw new ReceiverUnavailable('the answer is not that of an event collector')
  }
}

async function acknowledged(
  poster: Poster,
  of: { base: string; headers: Readonly<Record<string, string>>; ackId: number | undefined; signal: AbortSignal; everyMs: number },
): Promise<void> {
  if (of.ackId === undefined) throw new ReceiverUnavailable('the collector gives no acknowledgements: switch them on there, or off here') // prettier-ignore
  const deadline = performance.now() + ACK_WAIT_MS
  while (performance.now() < deadline && !of.signal.aborted) {
    const answer = await poster.post(`${of.base}/services/collector/ack`, of.headers, JSON.stringify({ acks: [of.ackId] }), of.signal) // prettier-ignore
    requireTaken(answer)
    const { acks } = JSON.parse(answer.body) as { acks?: Record<string, boolean> }
    if (acks?.[String(of.ackId)] === true) return
    await sleep(of.everyMs)
  }
  throw new ReceiverUnavailable('the collector did not acknowledge in time')
} // prettier-ignore
