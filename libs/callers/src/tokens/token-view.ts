import type { RecordedDecision } from '@catena/ledger'
import type { DecisionView } from '@catena/projections'
import type pg from 'pg'
import type { ApiTokenIssued } from './api-token.js'

/** API tokens for lists: what they may, whose they are, when they end. Never their hashes. */
export const TOKEN_VIEW: DecisionView = {
  name: 'api-tokens',
  version: '1',
  async clear(client) {
    await client.query('DELETE FROM api_token')
  },
  async apply(client, decisions) {
    for (const decision of decisions) await fold(client, decision)
  },
}

async function fold(client: pg.ClientBase, { event, by, stream }: RecordedDecision): Promise<void> {
  if (!stream.startsWith('api-token:')) return
  if (event.type === 'ApiTokenIssued') {
    const { id, name, owner, roles, sources, expiresAt } = event.data as ApiTokenIssued['data']
    await client.query(
      `INSERT INTO api_token (id, name, owner, roles, sources, issued_by, issued_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, to_timestamp($7), to_timestamp($8))`,
      [id, name, owner, roles, sources, by.actor, by.at / 1000, expiresAt / 1000],
    )
  }
  if (event.type === 'ApiTokenRevoked')
    await client.query(
      'UPDATE api_token SET revoked_by = $2, revoked_at = to_timestamp($3), reason = $4 WHERE id = $1',
      [stream.slice('api-token:'.length), by.actor, by.at / 1000, event.data['reason']],
    )
}
