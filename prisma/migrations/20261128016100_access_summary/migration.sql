-- What is derived from chains for lists and controls. All of it follows the access index and can be made anew from it.
CREATE SCHEMA "governance";

-- How far each part has followed. `version` is that of the access index and of the part itself: rows of another are made anew.
CREATE TABLE "governance"."checkpoint" (
  "name" TEXT NOT NULL,
  "version" TEXT NOT NULL,
  "position" BIGINT NOT NULL,
  -- Bounds of clocks and coverage that the rows were made under.
  "surroundings" JSONB NOT NULL,
  CONSTRAINT "checkpoint_pkey" PRIMARY KEY ("name")
);

-- What each chain says, one row per retrieval.
CREATE TABLE "governance"."retrieval" (
  "fact" UUID NOT NULL,
  "fact_id" TEXT COLLATE "C" NOT NULL,
  "credential" UUID,
  "named_credential" UUID,
  "accessor" TEXT COLLATE "C" NOT NULL,
  "at_us" BIGINT NOT NULL,
  "obtained" BOOLEAN NOT NULL,
  "source" TEXT NOT NULL,
  "system" TEXT NOT NULL,
  -- Of a lease: container and path under which its id begins.
  "lease_path" TEXT COLLATE "C",
  "end_us" BIGINT,
  "federated" BOOLEAN NOT NULL,
  "uncovered" BOOLEAN NOT NULL,
  "body" JSONB NOT NULL,
  CONSTRAINT "retrieval_pkey" PRIMARY KEY ("fact")
);
CREATE INDEX "retrieval_accessor" ON "governance"."retrieval" ("credential", "accessor", "at_us" DESC, "fact_id" DESC) WHERE "credential" IS NOT NULL;
CREATE INDEX "retrieval_credential" ON "governance"."retrieval" ("credential", "at_us" DESC, "fact_id" DESC) WHERE "credential" IS NOT NULL;
CREATE INDEX "retrieval_named" ON "governance"."retrieval" ("named_credential", "at_us" DESC) WHERE "credential" IS NULL;
CREATE INDEX "retrieval_uncovered" ON "governance"."retrieval" ("at_us") WHERE "uncovered";
CREATE INDEX "retrieval_open_lease" ON "governance"."retrieval" ("system") WHERE "lease_path" IS NOT NULL AND "end_us" IS NULL;

CREATE TABLE "governance"."access_summary" (
  "credential" UUID NOT NULL,
  "accessor" TEXT COLLATE "C" NOT NULL,
  "keys" TEXT[] NOT NULL,
  "tally" JSONB NOT NULL,
  "last_us" BIGINT,
  "body" JSONB NOT NULL,
  CONSTRAINT "access_summary_pkey" PRIMARY KEY ("credential", "accessor")
);
CREATE INDEX "access_summary_keys" ON "governance"."access_summary" USING GIN ("keys");

-- Credentials whose verdict must be looked at again, and since which position.
CREATE TABLE "governance"."stale_credential" (
  "credential" UUID NOT NULL,
  "position" BIGINT NOT NULL,
  CONSTRAINT "stale_credential_pkey" PRIMARY KEY ("credential")
);
