-- A path leads through one federated login after another, and through those of each maker where a token's making is contested: each of them is placed by
-- clocks of its own, so each has a row. Row 0 tells what may end what was obtained, too.
ALTER TABLE "feed_ground" ADD COLUMN "number" INTEGER NOT NULL DEFAULT 0;
-- System of the session or run that the login came through; null in what earlier versions told.
ALTER TABLE "feed_ground" ADD COLUMN "issuer" TEXT;
ALTER TABLE "feed_ground" DROP CONSTRAINT "feed_ground_pkey", ADD CONSTRAINT "feed_ground_pkey" PRIMARY KEY ("fact", "number");
CREATE INDEX "feed_ground_by_issuer" ON "feed_ground" ("issuer", "at_us", "fact") WHERE "issuer" IS NOT NULL;

-- What earlier versions told has the ground of one login only, and may not have been told again for another: it is walked once more.
INSERT INTO "feed_again" ("kind", "subject", "from_us", "to_us") SELECT 'told', '', 1, "sequence" FROM "feed_head" WHERE "sequence" > 0
ON CONFLICT ("kind", "subject") WHERE "after_us" IS NULL DO UPDATE SET "from_us" = 1, "to_us" = excluded."to_us";

-- Sources of the federated logins of a path, where one of them is not the source of the retrieval itself; else null.
ALTER TABLE "governance"."retrieval" ADD COLUMN "presenters" TEXT[];
DROP INDEX "governance"."retrieval_dated";
CREATE INDEX "retrieval_dated" ON "governance"."retrieval" ("credential", "at_us")
  INCLUDE ("settled_us", "end_us", "slot_end", "federated", "source", "presenters", "obtained", "shape") WHERE "credential" IS NOT NULL;
