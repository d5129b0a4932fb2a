-- The last position handed out. Appends lock this row, so positions are contiguous and visible in order.
CREATE TABLE "ledger_head" (
  "only" BOOLEAN NOT NULL DEFAULT true,
  "position" BIGINT NOT NULL,
  CONSTRAINT "ledger_head_pkey" PRIMARY KEY ("only"),
  CONSTRAINT "ledger_head_one_row" CHECK ("only")
);
INSERT INTO "ledger_head" ("position") VALUES (0);

-- Insert-only. payload and salt are null only after an erasure; the hashes stay.
CREATE TABLE "event" (
  "position" BIGINT NOT NULL,
  "stream" TEXT NOT NULL,
  "stream_version" BIGINT,
  "source" TEXT NOT NULL,
  "source_stream" TEXT NOT NULL,
  "record_id" BYTEA NOT NULL,
  "type" TEXT NOT NULL,
  "schema_version" INTEGER NOT NULL,
  "actor" TEXT,
  "causation" TEXT,
  "subjects" BYTEA[] NOT NULL,
  "occurred_at" TIMESTAMPTZ(6) NOT NULL,
  "recorded_at" TIMESTAMPTZ(6) NOT NULL,
  "salt" BYTEA,
  "payload" BYTEA,
  "payload_hash" BYTEA NOT NULL,
  "envelope_hash" BYTEA NOT NULL,
  CONSTRAINT "event_pkey" PRIMARY KEY ("position")
) PARTITION BY RANGE ("position");

CREATE INDEX "event_recorded_at_idx" ON "event" USING BRIN ("recorded_at");
-- Records carry no version, so this index holds decisions only.
CREATE INDEX "event_stream_idx" ON "event" ("stream", "stream_version") WHERE "stream_version" IS NOT NULL;

-- Partition of 2^20 positions that holds the given one. ATTACH, unlike CREATE ... PARTITION OF, does not wait for readers of "event".
-- Runs as the owner, so that a role which may only insert can append across a border. Callers hold the lock on ledger_head.
CREATE FUNCTION "ledger_ensure_partition"("wanted" BIGINT) RETURNS VOID
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  "number" BIGINT := "wanted" / 1048576;
  "name" TEXT := 'event_p' || lpad(("wanted" / 1048576)::TEXT, 6, '0');
  "low" BIGINT := "number" * 1048576;
BEGIN
  IF "wanted" < 0 THEN RAISE EXCEPTION 'a position cannot be negative'; END IF;
  IF to_regclass(quote_ident("name")) IS NOT NULL THEN RETURN; END IF;
  EXECUTE format('CREATE TABLE %I (LIKE "event" INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', "name");
  EXECUTE format('ALTER TABLE %I ADD CONSTRAINT "bounds" CHECK ("position" >= %s AND "position" < %s)', "name", "low", "low" + 1048576);
  EXECUTE format('ALTER TABLE "event" ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)', "name", "low", "low" + 1048576);
  EXECUTE format('ALTER TABLE %I DROP CONSTRAINT "bounds"', "name");
END $$;
REVOKE ALL ON FUNCTION "ledger_ensure_partition"(BIGINT) FROM PUBLIC;
SELECT "ledger_ensure_partition"(0);

-- Insert-only. Outlives detached partitions of "event", so a repeated record stays a duplicate.
CREATE TABLE "source_key" (
  "record_id" BYTEA NOT NULL,
  "position" BIGINT NOT NULL,
  CONSTRAINT "source_key_pkey" PRIMARY KEY ("record_id")
) PARTITION BY HASH ("record_id");
CREATE TABLE "source_key_p0" PARTITION OF "source_key" FOR VALUES WITH (MODULUS 8, REMAINDER 0);
CREATE TABLE "source_key_p1" PARTITION OF "source_key" FOR VALUES WITH (MODULUS 8, REMAINDER 1);
CREATE TABLE "source_key_p2" PARTITION OF "source_key" FOR VALUES WITH (MODULUS 8, REMAINDER 2);
CREATE TABLE "source_key_p3" PARTITION OF "source_key" FOR VALUES WITH (MODULUS 8, REMAINDER 3);
CREATE TABLE "source_key_p4" PARTITION OF "source_key" FOR VALUES WITH (MODULUS 8, REMAINDER 4);
CREATE TABLE "source_key_p5" PARTITION OF "source_key" FOR VALUES WITH (MODULUS 8, REMAINDER 5);
CREATE TABLE "source_key_p6" PARTITION OF "source_key" FOR VALUES WITH (MODULUS 8, REMAINDER 6);
CREATE TABLE "source_key_p7" PARTITION OF "source_key" FOR VALUES WITH (MODULUS 8, REMAINDER 7);

-- Streams of decisions move by compare-and-set: no unique index can span partitions by position.
CREATE TABLE "stream_head" (
  "stream" TEXT NOT NULL,
  "version" BIGINT NOT NULL,
  CONSTRAINT "stream_head_pkey" PRIMARY KEY ("stream")
);

-- What is consumed in order (a Kafka partition, a file). Offsets consumed = next - first.
CREATE TABLE "lane" (
  "lane" TEXT NOT NULL,
  "first" BIGINT NOT NULL,
  "next" BIGINT NOT NULL,
  "holes" BIGINT NOT NULL,
  "moved_at" TIMESTAMPTZ(6) NOT NULL,
  CONSTRAINT "lane_pkey" PRIMARY KEY ("lane")
);

CREATE TABLE "intake" (
  "source" TEXT NOT NULL,
  "lane" TEXT NOT NULL,
  "read" BIGINT NOT NULL,
  "stored" BIGINT NOT NULL,
  "duplicates" BIGINT NOT NULL,
  "quarantined" BIGINT NOT NULL,
  "last_received_at" TIMESTAMPTZ(6) NOT NULL,
  "last_occurred_at" TIMESTAMPTZ(6),
  CONSTRAINT "intake_pkey" PRIMARY KEY ("source", "lane"),
  CONSTRAINT "intake_conservation" CHECK ("read" = "stored" + "duplicates" + "quarantined")
);

-- Everything about an unreadable record but its content.
CREATE TABLE "quarantine" (
  "id" BIGINT GENERATED ALWAYS AS IDENTITY,
  "source" TEXT NOT NULL,
  "locator" JSONB NOT NULL,
  "record_id" BYTEA NOT NULL,
  "length_bytes" BIGINT NOT NULL,
  "reason" TEXT NOT NULL,
  "shape" TEXT NOT NULL,
  "first_seen_at" TIMESTAMPTZ(6) NOT NULL,
  "last_seen_at" TIMESTAMPTZ(6) NOT NULL,
  "seen" BIGINT NOT NULL,
  CONSTRAINT "quarantine_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "quarantine_record_id_key" ON "quarantine" ("record_id");
CREATE INDEX "quarantine_source_idx" ON "quarantine" ("source", "id");
