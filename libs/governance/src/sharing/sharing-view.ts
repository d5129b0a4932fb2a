import type { RecordedDecision } from '@catena/ledger'
import type { DecisionView } from '@catena/projections'
import type pg from 'pg'
import type { SharedThing } from './party.js'
import { foldOf, HEARTBEATS, thingOf, type SharingKind } from './registry.js'

interface Row {
  readonly kind: SharingKind
  readonly id: string
  readonly position: number
  readonly at_us: number
  readonly credentials: readonly string[]
  readonly positions: readonly number[]
  /** The newest heartbeat among the positions. */
  readonly heartbeat: number | null
  readonly state: SharedThing
}

/** States of everything that is decided about sharing, by position: what was known at any cut can be read. */
export const sharingView: DecisionView = {
  name: 'sharing',
  version: '2',
  clear: async (client) => {
    await client.query('DELETE FROM sharing')
  },
  apply: async (client, decisions) => {
    const own = decisions.filter(({ stream }) => thingOf(stream) !== undefined)
    if (own.length === 0) return
    const newest = await newestRows(client, [...new Set(own.map(({ stream }) => stream))])
    const rows = own.map((decision) => {
      const row = after(newest.get(decision.stream), decision)
      newest.set(decision.stream, row)
      return row
    })
    await insert(client, rows)
  },
}

function after(before: Row | undefined, { stream, event, by, position }: RecordedDecision): Row {
  const { kind, id } = requireThing(stream)
  const { initial, evolve } = foldOf(kind)
  const state = evolve(before?.state ?? initial, event, by)
  const beats = HEARTBEATS.has(event.type)
  const kept = (before?.positions ?? []).filter((each) => !(beats && each === before?.heartbeat))
  return {
    kind,
    id,
    position,
    at_us: Math.round(by.at * 1000),
    credentials: state.credentials,
    positions: [...kept, position],
    heartbeat: beats ? position : (before?.heartbeat ?? null),
    state,
  }
}

function requireThing(stream: string): { kind: SharingKind; id: string } {
  const thing = thingOf(stream)
  if (thing === undefined) throw new RangeError(`${stream} is no stream of sharing`)
  return thing
}

async function newestRows(client: pg.ClientBase, streams: readonly string[]): Promise<Map<string, Row>> {
  const { rows } = await client.query<
    Omit<Row, 'position' | 'positions' | 'heartbeat' | 'at_us'> & { positions: string[]; heartbeat: string | null }
  >(
    `SELECT DISTINCT ON (kind, id) kind, id, positions, heartbeat, state FROM sharing
     WHERE kind || ':' || id = ANY($1) AND kind = ANY($2) AND id = ANY($3) ORDER BY kind, id, position DESC`,
    [streams, ...parts(streams)],
  )
  return new Map(
    rows.map((row) => {
      const heartbeat = row.heartbeat === null ? null : Number(row.heartbeat)
      const read = { ...row, positions: row.positions.map(Number), heartbeat, position: 0, at_us: 0 }
      return [`${row.kind}:${row.id}`, read]
    }),
  )
}

/** Kinds and ids, so that the key's index is used. */
function parts(streams: readonly string[]): [string[], string[]] {
  const things = streams.flatMap((stream) => thingOf(stream) ?? [])
  return [things.map(({ kind }) => kind), things.map(({ id }) => id)]
}

async function insert(client: pg.ClientBase, rows: readonly Row[]): Promise<void> {
  await client.query(
    `INSERT INTO sharing (kind, id, position, at_us, credentials, positions, heartbeat, state)
     SELECT kind, id, position, at_us, ARRAY(SELECT jsonb_array_elements_text(credentials)::uuid),
       ARRAY(SELECT jsonb_array_elements_text(positions)::bigint), heartbeat, state
     FROM jsonb_to_recordset($1::jsonb)
       AS row (kind text, id text, position bigint, at_us bigint, credentials jsonb, positions jsonb, heartbeat bigint, state jsonb)`,
    [JSON.stringify(rows)],
  )
}
