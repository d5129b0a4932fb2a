-- What all controls say of each credential now. The history of verdicts stands in the ledger; these rows are made anew from facts.
CREATE TABLE "governance"."evaluation" (
  "credential" UUID NOT NULL,
  "verdict" TEXT NOT NULL,
  "valid_until" TIMESTAMPTZ NOT NULL,
  "body" JSONB NOT NULL,
  CONSTRAINT "evaluation_pkey" PRIMARY KEY ("credential")
);
CREATE INDEX "evaluation_valid_until" ON "governance"."evaluation" ("valid_until");
CREATE INDEX "evaluation_verdict" ON "governance"."evaluation" ("verdict", "credential");
