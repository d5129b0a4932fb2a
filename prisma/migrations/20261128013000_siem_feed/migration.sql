-- The feed to SIEMs: what was told to the outside, once per thing and revision, at contiguous sequences. No read model: a rebuild must not touch it.
CREATE TABLE "feed_head" (
  "only" BOOLEAN PRIMARY KEY DEFAULT true CHECK ("only"),
  "sequence" BIGINT NOT NULL DEFAULT 0,
  -- Bytes of content up to this sequence, so that a backlog in bytes is a subtraction.
  "bytes_total" BIGINT NOT NULL DEFAULT 0,
  -- Ledger position up to which the feed was derived.
  "position" BIGINT NOT NULL DEFAULT 0
);
INSERT INTO "feed_head" DEFAULT VALUES;

CREATE TABLE "feed_event" (
  "sequence" BIGINT NOT NULL,
  "id" TEXT NOT NULL,
  "revision" INTEGER NOT NULL,
  "content_hash" TEXT NOT NULL,
  "recorded_at" TIMESTAMPTZ(6) NOT NULL,
  -- Ledger positions it rests on: an erasure of one of them erases the content.
  "positions" BIGINT[] NOT NULL,
  -- JSON in UTF-8; null after an erasure.
  "content" BYTEA,
  "bytes_total" BIGINT NOT NULL,
  CONSTRAINT "feed_event_pkey" PRIMARY KEY ("sequence")
);
CREATE UNIQUE INDEX "feed_event_revision" ON "feed_event" ("id", "revision");
CREATE INDEX "feed_event_recorded_at" ON "feed_event" USING BRIN ("recorded_at");
COMMENT ON TABLE "feed_event" IS 'insert-only';

CREATE FUNCTION "feed_allow_erasure"() RETURNS TRIGGER
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF coalesce(current_setting('catena.feed_erasure', true), '') <> '' AND NEW."content" IS NULL
    AND to_jsonb(NEW) - 'content' = to_jsonb(OLD) - 'content'
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'the feed is append-only: UPDATE of % refused', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER "feed_event_erased_only" BEFORE UPDATE ON "feed_event" FOR EACH ROW EXECUTE FUNCTION "feed_allow_erasure"();
CREATE TRIGGER "feed_event_kept" BEFORE DELETE ON "feed_event" FOR EACH ROW EXECUTE FUNCTION "ledger_refuse_change"();
CREATE TRIGGER "feed_event_not_emptied" BEFORE TRUNCATE ON "feed_event" FOR EACH STATEMENT EXECUTE FUNCTION "ledger_refuse_change"();

-- Erases what was told of events that a tombstone of the ledger names. Anyone may call it: it does no more than the tombstone already said.
CREATE FUNCTION "feed_erase"("tombstone" BIGINT) RETURNS BIGINT
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  "named" BIGINT[];
  "erased" BIGINT;
BEGIN
  SELECT array_agg(value::BIGINT) INTO "named"
  FROM public."event", jsonb_array_elements_text(convert_from("payload", 'UTF8')::JSONB -> 'positions')
  WHERE "position" = "tombstone" AND starts_with("stream", 'erasure:') AND "type" = 'EventsErased';
  IF "named" IS NULL THEN RETURN 0; END IF;
  PERFORM set_config('catena.feed_erasure', "tombstone"::TEXT, true);
  UPDATE public."feed_event" SET "content" = NULL WHERE "positions" && "named" AND "content" IS NOT NULL;
  GET DIAGNOSTICS "erased" = ROW_COUNT;
  PERFORM set_config('catena.feed_erasure', '', true);
  RETURN "erased";
END $$;

-- How far each destination has acknowledged: a contiguous prefix of the feed.
CREATE TABLE "export_checkpoint" (
  "destination" TEXT NOT NULL,
  "sequence" BIGINT NOT NULL,
  -- Raised by a replay: what was under way then moves nothing any more.
  "epoch" INTEGER NOT NULL DEFAULT 0,
  "delivered" BIGINT NOT NULL DEFAULT 0,
  "moved_at" TIMESTAMPTZ(6) NOT NULL,
  "failures" INTEGER NOT NULL DEFAULT 0,
  "last_error" TEXT,
  "last_error_at" TIMESTAMPTZ(6),
  CONSTRAINT "export_checkpoint_pkey" PRIMARY KEY ("destination")
);

-- Events that a destination will never take, and why.
CREATE TABLE "export_dead_letter" (
  "id" BIGINT GENERATED ALWAYS AS IDENTITY,
  "destination" TEXT NOT NULL,
  "sequence" BIGINT NOT NULL,
  "event_id" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  "refused_at" TIMESTAMPTZ(6) NOT NULL,
  CONSTRAINT "export_dead_letter_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "export_dead_letter_once" ON "export_dead_letter" ("destination", "sequence");
COMMENT ON TABLE "export_dead_letter" IS 'insert-only';
