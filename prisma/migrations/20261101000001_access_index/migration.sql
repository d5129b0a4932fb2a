-- How far each projection has read. Rows and checkpoint commit together.
CREATE TABLE "projection" (
  "name" TEXT PRIMARY KEY,
  "version" TEXT NOT NULL,
  "position" BIGINT NOT NULL DEFAULT 0
);

-- Merged facts. Everything below derives from the ledger and can be dropped and rebuilt.
CREATE TABLE "access_fact" (
  "fact" UUID PRIMARY KEY,
  "fact_id" TEXT NOT NULL,
  "source" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "outcome" TEXT NOT NULL,
  "occurred_us" BIGINT NOT NULL,
  "snapshot" BOOLEAN NOT NULL,
  "retrieval" BOOLEAN NOT NULL,
  "credential" UUID,
  "named_credential" UUID,
  "container_name" TEXT,
  "issuer" TEXT,
  "minted" UUID,
  "issued" UUID,
  "first_position" BIGINT NOT NULL,
  "last_position" BIGINT NOT NULL,
  "body" BYTEA NOT NULL
);
CREATE INDEX "access_fact_credential" ON "access_fact" ("credential", "occurred_us" DESC, "fact") WHERE "credential" IS NOT NULL;
CREATE INDEX "access_fact_named_credential" ON "access_fact" ("named_credential", "occurred_us" DESC, "fact") WHERE "credential" IS NULL AND "named_credential" IS NOT NULL;
CREATE INDEX "access_fact_retrieval" ON "access_fact" ("occurred_us" DESC, "fact") WHERE "retrieval";
CREATE INDEX "access_fact_source" ON "access_fact" ("source", "occurred_us");
CREATE INDEX "access_fact_federated" ON "access_fact" ("source", "issuer") WHERE "minted" IS NOT NULL;

-- Which fact carries which correlation key, and by what verb.
CREATE TABLE "access_key" (
  "key" UUID NOT NULL,
  "verb" SMALLINT NOT NULL,
  "fact" UUID NOT NULL,
  "at_us" BIGINT NOT NULL,
  "first_position" BIGINT NOT NULL,
  PRIMARY KEY ("key", "verb", "fact")
);
CREATE INDEX "access_key_time" ON "access_key" ("key", "verb", "at_us");

-- Names of one thing, both ways round: records show them together.
CREATE TABLE "access_name" (
  "key" UUID NOT NULL,
  "name" TEXT NOT NULL,
  "name_key" UUID NOT NULL,
  "first_position" BIGINT NOT NULL,
  PRIMARY KEY ("key", "name_key")
);

-- Standing keys seen: persons, accounts, entities, repositories.
CREATE TABLE "access_standing" (
  "key" UUID PRIMARY KEY,
  "name" TEXT NOT NULL,
  "namespace" TEXT NOT NULL,
  "first_us" BIGINT NOT NULL,
  "last_us" BIGINT NOT NULL,
  "first_position" BIGINT NOT NULL
);
CREATE INDEX "access_standing_namespace" ON "access_standing" ("namespace", "name");

-- Credentials seen: one slot each.
CREATE TABLE "access_credential" (
  "credential" UUID PRIMARY KEY,
  "system" TEXT NOT NULL,
  "container" TEXT,
  "container_name" TEXT,
  "path" TEXT NOT NULL,
  "named_credential" UUID,
  "first_us" BIGINT NOT NULL,
  "last_us" BIGINT NOT NULL,
  "first_position" BIGINT NOT NULL
);
CREATE INDEX "access_credential_path" ON "access_credential" ("system", "container_name", "path");
CREATE INDEX "access_credential_named" ON "access_credential" ("named_credential");
