-- A read model is a generation: a schema that holds its tables and the checkpoint they were committed with. A rebuild makes the next one in a
-- schema beside it and changes the names in one transaction. Statements name tables without a schema; search_path leads to the one that serves.
CREATE SCHEMA "access_index";
ALTER TABLE public."projection" SET SCHEMA "access_index";
ALTER TABLE public."access_fact" SET SCHEMA "access_index";
ALTER TABLE public."access_key" SET SCHEMA "access_index";
ALTER TABLE public."access_name" SET SCHEMA "access_index";
ALTER TABLE public."access_standing" SET SCHEMA "access_index";
ALTER TABLE public."access_credential" SET SCHEMA "access_index";

-- What catena_app may do in a generation: keep its rows. It can neither make nor drop tables there.
CREATE FUNCTION "projection_grant_roles"("generation" TEXT) RETURNS VOID
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- Two processes may start at once, and PostgreSQL refuses concurrent changes of one table's privileges.
  PERFORM pg_advisory_xact_lock(72707370);
  IF to_regrole('catena_app') IS NULL THEN RETURN; END IF;
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO catena_app', "generation");
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA %I TO catena_app', "generation");
END $$;
REVOKE ALL ON FUNCTION "projection_grant_roles"(TEXT) FROM PUBLIC;
