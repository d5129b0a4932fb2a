import { connect } from '@catena/platform'

/** Where a process stands that tells a piece again: nothing is written yet; all is told, and the piece still waits; all is written, and COMMIT was sent. */
export const GATES = ['before it tells', 'before the piece is done with', 'in COMMIT'] as const
export type Gate = (typeof GATES)[number]

/** Of the pieces told again so many in turn are let through before one meets a gate; gates take turns. */
const PIECES_BETWEEN = 5
/** Beside the number of a gate. */
const LOCK = 4_343

/** Each gate is a trigger that waits for a lock. Every attempt at a piece has a number of its own, as no rollback takes back a sequence. */
const TRIGGERS = `
  CREATE SEQUENCE told_piece;
  CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
  DECLARE
    number bigint;
  BEGIN
    IF TG_ARGV[0] = '0' THEN PERFORM nextval('told_piece'); END IF;
    SELECT last_value INTO number FROM told_piece;
    IF number % ${PIECES_BETWEEN} = 0 AND (number / ${PIECES_BETWEEN}) % ${GATES.length} = TG_ARGV[0]::int THEN
      PERFORM pg_advisory_xact_lock_shared(${LOCK}, TG_ARGV[0]::int);
    END IF;
    RETURN coalesce(NEW, OLD);
  END $$;
  CREATE TRIGGER gate_telling BEFORE UPDATE OF sequence ON feed_head
    FOR EACH ROW WHEN (OLD.position = NEW.position) EXECUTE FUNCTION gate('0');
  CREATE TRIGGER gate_moving BEFORE UPDATE OF after_us ON feed_again FOR EACH ROW EXECUTE FUNCTION gate('1');
  CREATE TRIGGER gate_ending BEFORE DELETE ON feed_again FOR EACH ROW EXECUTE FUNCTION gate('1');
  CREATE CONSTRAINT TRIGGER gate_committing AFTER UPDATE OF sequence ON feed_head DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.position = NEW.position) EXECUTE FUNCTION gate('2')`

export interface TellingGates {
  /** The next piece meets one. */
  aimAtNext(): Promise<void>
  /** At which one somebody stands. */
  reached(): Promise<Gate | undefined>
  /** Lets the session of a killed process come to its end, and shuts all of them again. */
  letGo(): Promise<void>
  close(): Promise<void>
}

/** Shut from the beginning. `ownerUrl`: of who may make triggers. */
export async function shutGates(ownerUrl: string): Promise<TellingGates> {
  const client = await connect(ownerUrl, { applicationName: 'spec-gates' })
  const shut = () => client.query('SELECT pg_advisory_lock($1, gate) FROM generate_series(0, $2) AS gate', [LOCK, GATES.length - 1])
  const hasLeader = async (): Promise<boolean> => {
    const { rowCount } = await client.query(`SELECT FROM pg_stat_activity WHERE application_name = 'catena-feed' AND datname = current_database()`)
    return rowCount !== 0
  }
  await client.query(TRIGGERS)
  await shut()
  return {
    aimAtNext: async () => {
      await client.query('SELECT setval($1, (last_value / $2 + 1) * $2 - 1) FROM told_piece', ['told_piece', PIECES_BETWEEN])
    },
    reached: async () => {
      const { rows } = await client.query<{ gate: number }>(`SELECT objid::int AS gate FROM pg_locks WHERE locktype = 'advisory' AND classid = $1 AND NOT granted`, [LOCK])
      return rows[0] === undefined ? undefined : GATES[rows[0].gate]
    },
    letGo: async () => {
      await client.query('SELECT pg_advisory_unlock_all()')
      while (await hasLeader());
      await shut()
    },
    close: () => client.end(),
  }
} // prettier-ignore
