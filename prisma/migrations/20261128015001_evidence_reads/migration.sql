-- Who was shown which evidence, for lists; folded from the ledger.
CREATE TABLE "decisions"."evidence_read" (
  "position" BIGINT NOT NULL,
  "caller" TEXT NOT NULL,
  "at" TIMESTAMPTZ(6) NOT NULL,
  "operation" TEXT,
  "query_hash" TEXT NOT NULL,
  "fields" TEXT[] NOT NULL,
  "shown" TEXT[] NOT NULL,
  "request" TEXT,
  CONSTRAINT "evidence_read_pkey" PRIMARY KEY ("position")
);
CREATE INDEX "evidence_read_caller" ON "decisions"."evidence_read" ("caller", "position");
CREATE INDEX "evidence_read_shown" ON "decisions"."evidence_read" USING GIN ("shown");
