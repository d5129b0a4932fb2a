import { endStalledSessions, endWhenSilent } from '@catena/platform'
import type pg from 'pg'

/** Advisory locks of those who write read models, verdicts and the feed: one of each leads. */
export const LEADS = { accessIndex: 72707373, decisionViews: 72707374, governance: 72707375, feed: 72707391 } as const
/** A leader that says nothing for so long loses its session, to the server or to whoever follows, and another takes over. */
const SILENCE_MAX_MS = 5_000

/** Limits that the server keeps for a leader's session: a process that was stopped keeps neither locks nor half a transaction. */
export const LEADER_SESSION = {
  statementTimeoutMs: 10_000,
  idleInTransactionTimeoutMs: SILENCE_MAX_MS,
}

/** True: this session leads until it ends. Whoever contends for a lead connects with the same application name. */
export async function claimLead(client: pg.Client, lock: number, silenceMaxMs = SILENCE_MAX_MS): Promise<boolean> {
  await endWhenSilent(client, silenceMaxMs)
  const { rows } = await client.query<{ leads: boolean }>('SELECT pg_try_advisory_lock($1) AS leads', [lock])
  if (rows[0]?.leads === true) return true
  await endStalledSessions(client, silenceMaxMs)
  return false
}
