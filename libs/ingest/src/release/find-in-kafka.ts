import type { QuarantineEntry } from '@catena/ledger'
import type { KafkaConnection } from '@catena/platform'
import { SOURCE_HEADER } from '../kafka/kafka-ingest.js'
import type { IntakeKeys } from '../pipeline/intake-keys.js'
import { foundInMessage, type Found } from './found.js'
import type { MessageAbsence, MessageAt } from './offset-search.js'
import { readMessages } from './read-messages.js'

/** Messages held at once. */
const MESSAGES_MAX = 200

export interface PartitionEntry {
  readonly entry: QuarantineEntry
  readonly offset: bigint
}

const ABSENCE: Readonly<Record<MessageAbsence, string>> = {
  'no-partition': 'the topic, or this partition of it, is not there',
  'below-start': 'the broker has deleted the message: its partition begins at a later offset now',
  'beyond-end': 'the partition ends before this offset: its topic was truncated or created anew',
  compacted: 'the broker has compacted the message away',
}

/** Looks for the entries of one partition. A broker that does not answer is no reason to give a record up. */
export async function* findInPartition(
  connection: KafkaConnection,
  { topic, partition }: { readonly topic: string; readonly partition: number },
  entries: readonly PartitionEntry[],
  keys: IntakeKeys,
): AsyncGenerator<readonly [QuarantineEntry, Found]> {
  for (let at = 0; at < entries.length; at += MESSAGES_MAX) {
    const some = entries.slice(at, at + MESSAGES_MAX)
    const offsets = some.map(({ offset }) => offset)
    const messages = await readMessages(connection, topic, partition, offsets).catch(asError)
    for (const { entry, offset } of some)
      yield [
        entry,
        messages instanceof Error
          ? { unreached: `Kafka cannot be read: ${messages.message}` }
          : foundAt(entry, messages.get(offset), keys),
      ]
  }
}

function foundAt(entry: QuarantineEntry, at: MessageAt | undefined, keys: IntakeKeys): Found {
  if (at === undefined) return { unreached: 'Kafka was not asked for this offset' }
  if ('absent' in at) return { gone: ABSENCE[at.absent] }
  return foundInMessage(entry, at.message.value, at.message.headers[SOURCE_HEADER], keys)
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
