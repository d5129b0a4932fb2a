import type { DecisionView } from '@catena/projections'
import type { RecordedDecision } from '@catena/ledger'
import { undashed } from '@catena/projections'
import type pg from 'pg'
import { stewardship } from './decider.js'
import { PRIVILEGE_RULES_DEFAULT, privilegeRules, type PrivilegeRulesPublished } from '../privilege/privilege-rules.js'
import { isStewardshipEvent, type StewardshipEvent } from './events.js'
import { NO_OWNERSHIP_RULES, ownershipRules, type OwnershipRulesPublished } from './rules.js'
import { UNSTEWARDED, type Stewardship } from './state.js'

type Stored = RecordedDecision<StewardshipEvent>

/** States of all streams of credentials and of the lists of rules, by position: what was known at any cut can be read. */
export const stewardshipView: DecisionView = {
  name: 'stewardship',
  version: '4',
  clear: async (client) => {
    await client.query('DELETE FROM stewardship')
    await client.query(`DELETE FROM rule_list WHERE kind IN ('ownership', 'privilege')`)
  },
  apply: async (client, decisions) => {
    await applyStewardship(
      client,
      decisions.filter((each): each is Stored => isStewardshipEvent(each.event)),
    )
    for (const decision of decisions) {
      const list = listIn(decision)
      if (list === undefined) continue
      await client.query('INSERT INTO rule_list (kind, position, state) VALUES ($1, $2, $3)', [
        list.kind,
        decision.position,
        JSON.stringify(list.state),
      ])
    }
  },
}

/** The list of rules that was published, whole. */
function listIn({ event, by }: RecordedDecision): { readonly kind: string; readonly state: object } | undefined {
  if (event.type === 'OwnershipRulesPublished')
    return {
      kind: 'ownership',
      state: ownershipRules.evolve(NO_OWNERSHIP_RULES, event as OwnershipRulesPublished, by),
    }
  if (event.type === 'PrivilegeRulesPublished')
    return {
      kind: 'privilege',
      state: privilegeRules.evolve(PRIVILEGE_RULES_DEFAULT, event as PrivilegeRulesPublished, by),
    }
  return undefined
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
    `INSERT INTO stewardship (credential, position, owner, state)
     SELECT credential, position, owner, state FROM jsonb_to_recordset($1::jsonb)
       AS row (credential uuid, position bigint, owner text, state jsonb)`,
    [JSON.stringify(rows)],
  )
}

async function newestStates(client: pg.ClientBase, credentials: readonly string[]): Promise<Map<string, Stewardship>> {
  const { rows } = await client.query<{ credential: string; state: Stewardship }>(
    `SELECT DISTINCT ON (credential) credential, state FROM stewardship
     WHERE credential = ANY($1::uuid[]) ORDER BY credential, position DESC`,
    [credentials],
  )
  return new Map(rows.map(({ credential, state }) => [undashed(credential), state]))
}
