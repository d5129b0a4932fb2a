-- First wall: privileges. The comment `insert-only` on a table is what ledger_grant_roles goes by.
COMMENT ON TABLE "event" IS 'insert-only';
COMMENT ON TABLE "source_key" IS 'insert-only';

-- Ranges of positions whose records were moved out of the database into a file. Decisions in them stay.
CREATE TABLE "event_archive" (
  "first" BIGINT NOT NULL,
  "last" BIGINT NOT NULL,
  "file" TEXT NOT NULL,
  "sha256" BYTEA NOT NULL,
  "archived_at" TIMESTAMPTZ(6) NOT NULL,
  CONSTRAINT "event_archive_pkey" PRIMARY KEY ("first"),
  CONSTRAINT "event_archive_range" CHECK ("first" <= "last")
);

-- Second wall: triggers, which hold for the owner too.
CREATE FUNCTION "ledger_refuse_change"() RETURNS TRIGGER
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only: % of % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

-- An erasure takes payload and salt and leaves everything else as it is.
CREATE FUNCTION "ledger_allow_erasure"() RETURNS TRIGGER
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF coalesce(current_setting('catena.erasure', true), '') <> '' AND NEW."payload" IS NULL AND NEW."salt" IS NULL
    AND to_jsonb(NEW) - 'payload' - 'salt' = to_jsonb(OLD) - 'payload' - 'salt'
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'the ledger is append-only: UPDATE of % refused', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER "event_erased_only" BEFORE UPDATE ON "event" FOR EACH ROW EXECUTE FUNCTION "ledger_allow_erasure"();
CREATE TRIGGER "event_kept" BEFORE DELETE ON "event" FOR EACH ROW EXECUTE FUNCTION "ledger_refuse_change"();
CREATE TRIGGER "event_not_emptied" BEFORE TRUNCATE ON "event" FOR EACH STATEMENT EXECUTE FUNCTION "ledger_refuse_change"();
CREATE TRIGGER "source_key_kept" BEFORE UPDATE OR DELETE ON "source_key" FOR EACH ROW EXECUTE FUNCTION "ledger_refuse_change"();
CREATE TRIGGER "source_key_not_emptied" BEFORE TRUNCATE ON "source_key" FOR EACH STATEMENT EXECUTE FUNCTION "ledger_refuse_change"();

-- PostgreSQL hands row triggers down to partitions, statement triggers not.
DO $$
DECLARE "part" REGCLASS;
BEGIN
  FOR "part" IN SELECT inhrelid FROM pg_inherits WHERE inhparent IN ('"event"'::REGCLASS, '"source_key"'::REGCLASS) LOOP
    EXECUTE format('CREATE TRIGGER "part_not_emptied" BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION "ledger_refuse_change"()', "part");
  END LOOP;
END $$;

-- As before, and now with the wall on the new partition, and deaf to names that others may have put before its own.
CREATE OR REPLACE FUNCTION "ledger_ensure_partition"("wanted" BIGINT) RETURNS VOID
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  "number" BIGINT := "wanted" / 1048576;
  "name" TEXT := 'event_p' || lpad(("wanted" / 1048576)::TEXT, 6, '0');
  "low" BIGINT := "number" * 1048576;
BEGIN
  IF "wanted" < 0 THEN RAISE EXCEPTION 'a position cannot be negative'; END IF;
  IF to_regclass('public.' || quote_ident("name")) IS NOT NULL THEN RETURN; END IF;
  EXECUTE format('CREATE TABLE public.%I (LIKE public."event" INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', "name");
  EXECUTE format('ALTER TABLE public.%I ADD CONSTRAINT "bounds" CHECK ("position" >= %s AND "position" < %s)', "name", "low", "low" + 1048576);
  EXECUTE format('ALTER TABLE public."event" ATTACH PARTITION public.%I FOR VALUES FROM (%s) TO (%s)', "name", "low", "low" + 1048576);
  EXECUTE format('ALTER TABLE public.%I DROP CONSTRAINT "bounds"', "name");
  EXECUTE format('CREATE TRIGGER "part_not_emptied" BEFORE TRUNCATE ON public.%I FOR EACH STATEMENT EXECUTE FUNCTION public."ledger_refuse_change"()', "name");
END $$;

-- Erases what a tombstone names, and nothing that no tombstone names. Tombstones and archive declarations themselves stay readable.
CREATE FUNCTION "ledger_erase"("tombstone" BIGINT) RETURNS BIGINT
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  "named" BIGINT[];
  "erased" BIGINT;
BEGIN
  SELECT array_agg(value::BIGINT) INTO "named"
  FROM public."event", jsonb_array_elements_text(convert_from("payload", 'UTF8')::JSONB -> 'positions')
  WHERE "position" = "tombstone" AND starts_with("stream", 'erasure:') AND "type" = 'EventsErased';
  IF "named" IS NULL THEN RAISE EXCEPTION 'position % holds no tombstone', "tombstone"; END IF;
  PERFORM set_config('catena.erasure', "tombstone"::TEXT, true);
  UPDATE public."event" SET "payload" = NULL, "salt" = NULL
  WHERE "position" = ANY("named") AND "payload" IS NOT NULL AND NOT (starts_with("stream", 'erasure:') OR starts_with("stream", 'archive:'));
  GET DIAGNOSTICS "erased" = ROW_COUNT;
  PERFORM set_config('catena.erasure', '', true);
  RETURN "erased";
END $$;
REVOKE ALL ON FUNCTION "ledger_erase"(BIGINT) FROM PUBLIC;

-- Gives catena_app and catena_erase what each may do; called at every start, because later migrations bring more tables.
-- The ledger's counters move, its insert-only tables only grow, everything else is a read model that can be made anew.
CREATE FUNCTION "ledger_grant_roles"() RETURNS VOID
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  "item" RECORD;
  "moving" CONSTANT TEXT[] := ARRAY['ledger_head', 'stream_head', 'lane', 'intake', 'quarantine'];
  "readable" CONSTANT TEXT[] := ARRAY['event_archive', '_prisma_migrations'];
BEGIN
  -- Two processes may start at once, and PostgreSQL refuses concurrent changes of one table's privileges.
  PERFORM pg_advisory_xact_lock(72707370);
  GRANT USAGE ON SCHEMA public TO catena_app, catena_erase;
  FOR "item" IN
    SELECT relname AS "name", oid, CASE
      WHEN relname = ANY("readable") THEN 'SELECT'
      WHEN relname = ANY("moving") THEN 'SELECT, INSERT, UPDATE'
      WHEN obj_description(oid, 'pg_class') = 'insert-only' THEN 'SELECT, INSERT'
      ELSE 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE' END AS "rights"
    FROM pg_class
    WHERE relnamespace = 'public'::REGNAMESPACE AND relkind IN ('r', 'p') AND pg_has_role(relowner, 'USAGE')
  LOOP
    EXECUTE format('REVOKE ALL ON public.%I FROM catena_app, catena_erase', "item"."name");
    -- Partitions are reached through their parent, whose privileges count then.
    CONTINUE WHEN EXISTS (SELECT FROM pg_inherits WHERE inhrelid = "item".oid);
    EXECUTE format('GRANT %s ON public.%I TO catena_app', "item"."rights", "item"."name");
  END LOOP;
  GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO catena_app;
  REVOKE ALL ON FUNCTION public."ledger_erase"(BIGINT) FROM catena_app;
  GRANT EXECUTE ON FUNCTION public."ledger_ensure_partition"(BIGINT) TO catena_app;
  GRANT EXECUTE ON FUNCTION public."ledger_erase"(BIGINT) TO catena_erase;
END $$;
