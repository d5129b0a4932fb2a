import type { DecisionView } from '@catena/projections'
import type { RecordedDecision } from '@catena/ledger'
import { undashed } from '@catena/projections'
import type pg from 'pg'
import { stewardship } from './decider.js'
import { isStewardshipEvent, type StewardshipEvent } from './events.js'
import { NO_OWNERSHIP_RULES, ownershipRules, type OwnershipRulesPublished } from './rules.js'
import { UNSTEWARDED, type Stewardship } from './state.js'

type Stored = RecordedDecision<StewardshipEvent>

/** States of all streams of credentials, by position: what was known at any cut can be read. */
export const stewardshipView: DecisionView = {
  name: 'stewardship',
  version: '3',
  clear: async (client) => {
    await client.query('DELETE FROM decisions.stewardship')
    await client.query(`DELETE FROM decisions.rule_list WHERE kind = 'ownership'`)
  },
  apply: async (client, decisions) => {
    await applyStewardship(
      client,
      decisions.filter((each): each is Stored => isStewardshipEvent(each.event)),
    )
    for (const { event, by, position } of decisions) {
      if (event.type !== 'OwnershipRulesPublished') continue
      const state = ownershipRules.evolve(NO_OWNERSHIP_RULES, event as OwnershipRulesPublished, by)
      await client.query(`INSERT INTO decisions.rule_list (kind, position, state) VALUES ('ownership', $1, $2)`, [
        position,
        JSON.stringify(state),
      ])
    }
  },
}

async function applyStewardship(client: pg.ClientBase, decisions: readonly Stored[]): Promise<void> {
  if (decisions.length === 0) return
  const states = await newestStates(client, [...new Set(decisions.map(({ event }) => event.data.credential))])
  const rows = decisions.map(({ event, by, position }) => {
    const { credential } = event.data
    const state = stewardship.evolve(states.get(credential) ?? UNSTEWARDED, event, { ...by, position })
    states.set(credential, state)
    return { credential, position, owner: state.owner?.key ?? null, state }
  })
  await client.query(
    `INSERT INTO decisions.stewardship (credential, position, owner, state)
     SELECT credential, position, owner, state FROM jsonb_to_recordset($1::jsonb)
       AS row (credential uuid, position bigint, owner text, state jsonb)`,
    [JSON.stringify(rows)],
  )
}

async function newestStates(client: pg.ClientBase, credentials: readonly string[]): Promise<Map<string, Stewardship>> {
  const { rows } = await client.query<{ credential: string; state: Stewardship }>(
    `SELECT DISTINCT ON (credential) credential, state FROM decisions.stewardship
     WHERE credential = ANY($1::uuid[]) ORDER BY credential, position DESC`,
    [credentials],
  )
  return new Map(rows.map(({ credential, state }) => [undashed(credential), state]))
}
