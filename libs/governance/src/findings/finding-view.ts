import type { DecisionView } from '@catena/projections'
import type pg from 'pg'
import { entryAfter, isFindingEvent, type FindingEntry } from './finding-entry.js'

/** Findings by position: open, closed, assigned, commented. */
export const findingView: DecisionView = {
  name: 'findings',
  version: '2',
  clear: async (client) => {
    await client.query('DELETE FROM finding')
  },
  apply: async (client, decisions) => {
    const own = decisions.flatMap(({ event, by, position }) => (isFindingEvent(event) ? [{ event, by, position }] : []))
    if (own.length === 0) return
    const newest = await newestOf(client, [...new Set(own.map(({ event }) => event.data.finding))])
    const rows = own.flatMap(({ event, by, position }) => {
      const entry = entryAfter(newest.get(event.data.finding), event, by)
      if (entry === undefined) return []
      newest.set(entry.id, entry)
      const { id: finding, credential, control, status, severity } = entry
      return [{ finding, position, credential, control, status, severity, body: entry }]
    })
    await client.query(
      `INSERT INTO finding (finding, position, credential, control, status, severity, body)
       SELECT finding, position, credential, control, status, severity, body FROM jsonb_to_recordset($1::jsonb)
         AS row (finding text, position bigint, credential uuid, control text, status text, severity text, body jsonb)`,
      [JSON.stringify(rows)],
    )
  },
}

async function newestOf(client: pg.ClientBase, findings: readonly string[]): Promise<Map<string, FindingEntry>> {
  const { rows } = await client.query<{ body: FindingEntry }>(
    `SELECT DISTINCT ON (finding) body FROM finding WHERE finding = ANY($1) ORDER BY finding, position DESC`,
    [findings],
  )
  return new Map(rows.map(({ body }) => [body.id, body]))
}
