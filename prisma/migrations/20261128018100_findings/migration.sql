-- Findings as they stood after each decision: what was known at any cut can be read.
CREATE TABLE "decisions"."finding" (
  "finding" TEXT NOT NULL,
  "position" BIGINT NOT NULL,
  "credential" UUID NOT NULL,
  "control" TEXT NOT NULL,
  "status" TEXT NOT NULL,
  "severity" TEXT NOT NULL,
  "body" JSONB NOT NULL,
  CONSTRAINT "finding_pkey" PRIMARY KEY ("finding", "position")
);
CREATE INDEX "finding_credential" ON "decisions"."finding" ("credential");
