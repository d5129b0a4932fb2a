import type pg from 'pg'

/** Any session that runs a statement and waits for its client to send more: in practice a COPY whose rows stopped coming. */
const END_STALLED = `
SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity
WHERE datname = current_database() AND usename = session_user AND application_name = current_setting('application_name')
  AND pid <> pg_backend_pid() AND state = 'active' AND wait_event = 'ClientRead'
  AND query_start < clock_timestamp() - $1 * interval '1 millisecond'`

/**
 * Ends sessions with this session's application name whose COPY has waited for its client, and began longer ago than the limit (ms).
 * PostgreSQL applies no time limit of its own there: it reads what a client sends with cancellation held off, so `statement_timeout` does
 * not end the COPY of a process that was stopped, and the idle limits do not count while a statement runs. Call it outside of a transaction.
 * Returns how many were ended.
 */
export async function endStalledSessions(client: pg.Client, silenceMaxMs: number): Promise<number> {
  // A role that was SET sees and ends only its own sessions, but a session counts as that of whoever logged in.
  await client.query('SET ROLE NONE')
  try {
    const { rows } = await client.query<{ ended: boolean }>(END_STALLED, [silenceMaxMs])
    return rows.filter(({ ended }) => ended).length
  } finally {
    await client.query('RESET ROLE')
  }
}

/** Has the server end this session when it says nothing for so long outside of a transaction (since PostgreSQL 14). */
export async function endWhenSilent(client: pg.Client, silenceMaxMs: number): Promise<void> {
  await client.query(`SELECT set_config(name, $1, false) FROM pg_settings WHERE name = 'idle_session_timeout'`, [
    String(silenceMaxMs),
  ])
}
