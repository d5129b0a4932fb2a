-- Since which position the rows of a credential are as they are: whatever makes its verdict stale changed something about it.
CREATE TABLE "governance"."changed_credential" (
  "credential" UUID NOT NULL,
  "position" BIGINT NOT NULL,
  CONSTRAINT "changed_credential_pkey" PRIMARY KEY ("credential")
);
CREATE INDEX "changed_credential_position" ON "governance"."changed_credential" ("position");

CREATE FUNCTION "governance"."note_changed_credential"() RETURNS TRIGGER
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO "governance"."changed_credential" VALUES (NEW."credential", NEW."position")
  ON CONFLICT ("credential") DO UPDATE SET "position" = greatest("governance"."changed_credential"."position", excluded."position");
  RETURN NULL;
END $$;
CREATE TRIGGER "note_changed_credential" AFTER INSERT OR UPDATE ON "governance"."stale_credential"
  FOR EACH ROW EXECUTE FUNCTION "governance"."note_changed_credential"();

-- How far each campaign has been compared with what became known later. Losing a row means comparing again.
CREATE TABLE "governance"."review_watch" (
  "campaign" TEXT NOT NULL,
  "position" BIGINT NOT NULL,
  CONSTRAINT "review_watch_pkey" PRIMARY KEY ("campaign")
);
