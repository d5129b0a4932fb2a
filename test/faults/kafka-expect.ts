import { expect } from '@jest/globals'
import { takeAccount } from './kafka-account.js'
import type { KafkaField } from './kafka-field.js'

export interface Row {
  /** As docs/guarantees.md calls it. */
  readonly fault: string
  /** Offsets between topic and ledger when it struck. */
  readonly inFlight: number
  readonly startedMs: number
  /** Offsets that hold no record, over all lanes. */
  readonly holes?: number
  /** Repetitions of the producer, where they are known. */
  readonly repeated?: number
}

/**
 * Everything was read, and then: what the ledger holds is what was sent, each record once; every offset of every partition is accounted
 * for; the ledger verifies. Prints the figures of the row.
 */
export async function expectAll(
  field: KafkaField,
  { fault, inFlight, startedMs, holes = 0, repeated }: Row,
): Promise<void> {
  const account = await takeAccount(field)
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  process.stdout.write(
    `${fault}: ${inFlight} in flight, ${account.stored} stored, ${account.repeated} repeated, ${account.quarantined} quarantined, ` +
      `lost ${account.lost}, duplicated ${account.duplicated}, ${seconds} s\n`,
  )
  expect(account).toMatchObject({ lost: 0, duplicated: 0, strange: 0, unbalanced: [], findings: [] })
  expect(account).toMatchObject({ stored: account.sent, quarantined: field.sent.poison.size, holes })
  if (repeated !== undefined) expect(account.repeated).toBe(repeated)
}
