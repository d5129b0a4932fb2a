-- What a told chain rests on and no key leads from: changes of the slot that was read, lines of the server's log, clocks, coverage. By it the feed finds
-- what it has to tell again. One row per fact, as it was told last; facts that rest on nothing of the kind have none.
CREATE TABLE "feed_ground" (
  -- 128 bits of the fact's id.
  "fact" UUID NOT NULL,
  "at_us" BIGINT NOT NULL,
  -- What may end what was obtained (128 bits of a key), and when it did or is due; the greatest number while nothing has.
  "ender" UUID,
  "ender_us" BIGINT,
  -- Source and time of the federated login that the path leads through.
  "presenter" TEXT,
  "login_us" BIGINT,
  -- A source was not heard of, or not as far, as this chain would need.
  "uncovered" BOOLEAN NOT NULL,
  CONSTRAINT "feed_ground_pkey" PRIMARY KEY ("fact"),
  CONSTRAINT "feed_ground_ender" CHECK (("ender" IS NULL) = ("ender_us" IS NULL)),
  CONSTRAINT "feed_ground_login" CHECK (("presenter" IS NULL) = ("login_us" IS NULL))
);
CREATE INDEX "feed_ground_by_ender" ON "feed_ground" ("ender", "ender_us", "fact") WHERE "ender" IS NOT NULL;
CREATE INDEX "feed_ground_by_presenter" ON "feed_ground" ("presenter", "login_us", "fact") WHERE "presenter" IS NOT NULL;
CREATE INDEX "feed_ground_uncovered" ON "feed_ground" (coalesce("login_us", "at_us"), "fact") WHERE "uncovered";

-- What has to be told again and was not yet: each entry is followed piece by piece, and a process that dies goes on where the last piece ended.
CREATE TABLE "feed_again" (
  "number" BIGINT GENERATED ALWAYS AS IDENTITY,
  "kind" TEXT NOT NULL,
  "subject" TEXT NOT NULL,
  "from_us" BIGINT NOT NULL,
  "to_us" BIGINT NOT NULL,
  -- Where the last piece ended; null while none was told.
  "after_us" BIGINT,
  "after_fact" UUID,
  CONSTRAINT "feed_again_pkey" PRIMARY KEY ("number")
);
-- Of one subject at most one waits beside the one that is followed.
CREATE UNIQUE INDEX "feed_again_waiting" ON "feed_again" ("kind", "subject") WHERE "after_us" IS NULL;

-- What the feed was derived under: clocks and coverage as of its newest derivation; null before the first.
ALTER TABLE "feed_head" ADD COLUMN "surroundings" JSONB;

-- What earlier versions told has no ground yet: it is walked once more.
INSERT INTO "feed_again" ("kind", "subject", "from_us", "to_us") SELECT 'told', '', 1, "sequence" FROM "feed_head" WHERE "sequence" > 0;
