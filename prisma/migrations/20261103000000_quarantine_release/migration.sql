-- What became of the attempts to release a quarantined record. Insert-only: an entry is open until one of its rows is `stored` or `duplicate`.
CREATE TABLE "quarantine_release" (
  "id" BIGINT GENERATED ALWAYS AS IDENTITY,
  "quarantine_id" BIGINT NOT NULL,
  "outcome" TEXT NOT NULL,
  "source" TEXT NOT NULL,
  "record_id" BYTEA,
  "position" BIGINT,
  "reason" TEXT,
  "actor" TEXT NOT NULL,
  "attempted_at" TIMESTAMPTZ(6) NOT NULL,
  CONSTRAINT "quarantine_release_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "quarantine_release_outcome" CHECK (CASE
    WHEN "outcome" IN ('stored', 'duplicate') THEN "record_id" IS NOT NULL AND "position" IS NOT NULL AND "reason" IS NULL
    WHEN "outcome" IN ('unreadable', 'gone') THEN "record_id" IS NULL AND "position" IS NULL AND "reason" IS NOT NULL
    ELSE false END)
);
COMMENT ON TABLE "quarantine_release" IS 'insert-only';
CREATE INDEX "quarantine_release_entry_idx" ON "quarantine_release" ("quarantine_id", "id");
-- No entry is released twice, whoever asks.
CREATE UNIQUE INDEX "quarantine_release_once" ON "quarantine_release" ("quarantine_id") WHERE "outcome" IN ('stored', 'duplicate');

CREATE TRIGGER "quarantine_release_kept" BEFORE UPDATE OR DELETE ON "quarantine_release" FOR EACH ROW EXECUTE FUNCTION "ledger_refuse_change"();
CREATE TRIGGER "quarantine_release_not_emptied" BEFORE TRUNCATE ON "quarantine_release" FOR EACH STATEMENT EXECUTE FUNCTION "ledger_refuse_change"();

-- An entry stays as it was first seen; only the repetition of its record is counted.
CREATE FUNCTION "ledger_allow_repetition"() RETURNS TRIGGER
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF to_jsonb(NEW) - 'seen' - 'last_seen_at' = to_jsonb(OLD) - 'seen' - 'last_seen_at'
    AND NEW."seen" >= OLD."seen" AND NEW."last_seen_at" >= OLD."last_seen_at"
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'the ledger is append-only: % of % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER "quarantine_counted_only" BEFORE UPDATE ON "quarantine" FOR EACH ROW EXECUTE FUNCTION "ledger_allow_repetition"();
CREATE TRIGGER "quarantine_kept" BEFORE DELETE ON "quarantine" FOR EACH ROW EXECUTE FUNCTION "ledger_refuse_change"();
CREATE TRIGGER "quarantine_not_emptied" BEFORE TRUNCATE ON "quarantine" FOR EACH STATEMENT EXECUTE FUNCTION "ledger_refuse_change"();
