import type { DecisionView } from '@catena/projections'
import { EVIDENCE_READ, READS_STREAM_PREFIX, type EvidenceRead } from './evidence-read.js'

/** Reads of evidence for lists. */
export const READ_VIEW: DecisionView = {
  name: 'evidence-reads',
  version: '1',
  async clear(client) {
    await client.query('DELETE FROM evidence_read')
  },
  async apply(client, decisions) {
    const reads = decisions.filter(
      ({ stream, event }) => event.type === EVIDENCE_READ && stream.startsWith(READS_STREAM_PREFIX),
    )
    for (const { event, by, position } of reads) {
      const { operation, queryHash, fields, shown, request } = event.data as unknown as EvidenceRead
      await client.query(
        `INSERT INTO evidence_read (position, caller, at, operation, query_hash, fields, shown, request)
         VALUES ($1, $2, to_timestamp($3), $4, $5, $6, $7, $8)`,
        [position, by.actor, by.at / 1000, operation, queryHash, fields, shown, request],
      )
    }
  },
}
