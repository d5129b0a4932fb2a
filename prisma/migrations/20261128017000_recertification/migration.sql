-- Populations as they were frozen. They only grow: a campaign's event names one by its id and its hash, and rows that no event names say nothing.
CREATE TABLE "review_population" (
  "population" TEXT NOT NULL,
  "number" INTEGER NOT NULL,
  "item" UUID NOT NULL,
  "subject" UUID NOT NULL,
  "risk" SMALLINT NOT NULL,
  "evidence_class" TEXT NOT NULL,
  "body" TEXT NOT NULL,
  CONSTRAINT "review_population_pkey" PRIMARY KEY ("population", "number")
);
CREATE INDEX "review_population_item" ON "review_population" ("item");
COMMENT ON TABLE "review_population" IS 'insert-only';

-- Who reviews what, as frozen: one row per reviewer, in the order of a reviewer's work.
CREATE TABLE "review_assignment" (
  "reviewer" TEXT NOT NULL,
  "population" TEXT NOT NULL,
  "risk" SMALLINT NOT NULL,
  "number" INTEGER NOT NULL,
  "item" UUID NOT NULL,
  CONSTRAINT "review_assignment_pkey" PRIMARY KEY ("reviewer", "population", "risk", "number")
);
COMMENT ON TABLE "review_assignment" IS 'insert-only';

-- Views of decisions.
CREATE TABLE "decisions"."campaign_definition" (
  "id" TEXT NOT NULL,
  "version" INTEGER NOT NULL,
  "definition" JSONB NOT NULL,
  "retired" BOOLEAN NOT NULL DEFAULT FALSE,
  "defined_at" DOUBLE PRECISION NOT NULL,
  CONSTRAINT "campaign_definition_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "decisions"."campaign" (
  "id" TEXT NOT NULL,
  "definition" TEXT NOT NULL,
  "status" TEXT NOT NULL,
  "scheduled_for" DOUBLE PRECISION NOT NULL,
  "position" BIGINT NOT NULL,
  "state" JSONB NOT NULL,
  CONSTRAINT "campaign_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "campaign_status" ON "decisions"."campaign" ("status");
CREATE TABLE "decisions"."campaign_population" (
  "population" TEXT NOT NULL,
  "campaign" TEXT NOT NULL,
  CONSTRAINT "campaign_population_pkey" PRIMARY KEY ("population")
);
CREATE INDEX "campaign_population_campaign" ON "decisions"."campaign_population" ("campaign");
-- Items to which something happened; all others stand as they were frozen.
CREATE TABLE "decisions"."review_item" (
  "item" UUID NOT NULL,
  "campaign" TEXT NOT NULL,
  "population" TEXT NOT NULL,
  "number" INTEGER NOT NULL,
  "risk" SMALLINT NOT NULL,
  "status" TEXT NOT NULL,
  "reviewers" TEXT[] NOT NULL,
  "state" JSONB NOT NULL,
  "position" BIGINT NOT NULL,
  CONSTRAINT "review_item_pkey" PRIMARY KEY ("item")
);
CREATE INDEX "review_item_campaign" ON "decisions"."review_item" ("campaign", "number");
CREATE INDEX "review_item_reviewers" ON "decisions"."review_item" USING GIN ("reviewers");
