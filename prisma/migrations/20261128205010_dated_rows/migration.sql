-- What chains say on a past date, from the rows that are kept.
-- As of `settled_us` and any later time the chain says the same, unless clocks or coverage are judged otherwise or, where `slot_end`, a change of the slot
-- ends it, at `end_us`. Rows of before are settled never; they are made anew.
ALTER TABLE "governance"."retrieval" ADD COLUMN "settled_us" BIGINT NOT NULL DEFAULT 9000000000000000;
ALTER TABLE "governance"."retrieval" ADD COLUMN "slot_end" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "governance"."retrieval" ADD COLUMN "shape" UUID;
CREATE INDEX "retrieval_dated" ON "governance"."retrieval" ("credential", "at_us")
  INCLUDE ("settled_us", "end_us", "slot_end", "federated", "source", "obtained", "shape") WHERE "credential" IS NOT NULL;

-- What retrievals count under, accessor and names: those of one shape count alike.
CREATE TABLE "governance"."shape" (
  "shape" UUID NOT NULL,
  "accessor" TEXT COLLATE "C" NOT NULL,
  "names" TEXT[] NOT NULL,
  CONSTRAINT "shape_pkey" PRIMARY KEY ("shape")
);
