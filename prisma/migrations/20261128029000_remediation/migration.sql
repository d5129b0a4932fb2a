-- Orders of remediation as they stand: which are due, and which wait for a person.
CREATE TABLE "decisions"."remediation_order" (
  "order_id" TEXT NOT NULL,
  "item" UUID NOT NULL,
  "campaign" TEXT NOT NULL,
  "status" TEXT NOT NULL,
  "next_try_at" BIGINT NOT NULL,
  "body" JSONB NOT NULL,
  CONSTRAINT "remediation_order_pkey" PRIMARY KEY ("order_id")
);
CREATE INDEX "remediation_order_due" ON "decisions"."remediation_order" ("status", "next_try_at");
CREATE INDEX "remediation_order_campaign" ON "decisions"."remediation_order" ("campaign", "order_id");
