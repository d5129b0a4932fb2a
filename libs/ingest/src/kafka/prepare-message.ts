import type { Instant } from '@catena/domain'
import type { Locator, NewQuarantined } from '@catena/ledger'
import type { ConsumedMessage } from '@catena/platform'
import { frameWhole } from '../framing/framed.js'
import { prepareRecord, type Intake, type Prepared } from '../pipeline/prepare.js'
import { shapeOf } from '../pipeline/shape.js'
import { SOURCE_HEADER, type KafkaIngest } from './kafka-ingest.js'
import { readsAsSource } from './source-name.js'

/** Source under which messages are quarantined that name none. */
export const NAMELESS_SOURCE = 'unknown'

export type MessagePreparer = (message: ConsumedMessage, partition: number, receivedAt: Instant) => Prepared | undefined

/** One message is one record; undefined for a tombstone or a blank one. Never throws. */
export function messagePreparer(ingest: KafkaIngest, topic: string): MessagePreparer {
  const defaultSource = ingest.topics.find((one) => one.topic === topic)?.defaultSource
  const intakes = new Map<string, Intake | undefined>()
  return (message, partition, receivedAt) => {
    const framed = message.value === null ? undefined : frameWhole(message.value)
    if (framed === undefined || message.value === null) return undefined
    const locator: Locator = { door: 'kafka', topic, partition, offset: String(message.offset) }
    const named = message.headers[SOURCE_HEADER] ?? defaultSource ?? NAMELESS_SOURCE
    if (!intakes.has(named)) intakes.set(named, intakeOf(ingest, named))
    const intake = intakes.get(named)
    if (intake !== undefined) return prepareRecord(framed, locator, receivedAt, intake)
    return { quarantined: ofUnknownSource(ingest, named, locator, message.value) }
  }
}

function intakeOf({ sourceOf, connectorFor, keys, subjectsOf }: KafkaIngest, id: string): Intake | undefined {
  const source = sourceOf(id)
  if (source === undefined) return undefined
  return { source, connector: connectorFor(source.kind), keys, ...(subjectsOf ? { subjectsOf } : {}) }
}

function ofUnknownSource({ keys }: KafkaIngest, named: string, locator: Locator, value: Buffer): NewQuarantined {
  const source = readsAsSource(named) ? named : NAMELESS_SOURCE
  return {
    source,
    locator,
    recordId: keys.recordId(source, value),
    lengthBytes: value.length,
    reason: 'unknown source',
    shape: shapeOf(value.subarray(0, 800).toString('utf8')),
  }
}
