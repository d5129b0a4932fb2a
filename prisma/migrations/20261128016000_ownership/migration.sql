-- Who answers for each credential: one row per decision, the state after it. The state as of a cut is the newest row up to its position.
CREATE TABLE "decisions"."stewardship" (
  "credential" UUID NOT NULL,
  "position" BIGINT NOT NULL,
  "owner" TEXT,
  "state" JSONB NOT NULL,
  CONSTRAINT "stewardship_pkey" PRIMARY KEY ("credential", "position")
);
CREATE INDEX "stewardship_owner" ON "decisions"."stewardship" ("owner") WHERE "owner" IS NOT NULL;

-- Lists of rules that are published as a whole: of ownership, of privilege. Each version is a row.
CREATE TABLE "decisions"."rule_list" (
  "kind" TEXT NOT NULL,
  "position" BIGINT NOT NULL,
  "state" JSONB NOT NULL,
  CONSTRAINT "rule_list_pkey" PRIMARY KEY ("kind", "position")
);
