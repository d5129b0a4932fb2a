-- Verdicts are made and recorded hundreds of credentials at a time.
-- `body` is written where what the controls say changed; `position` and `valid_until` are of the last look. `digest` is a hash of what they say.
-- `recorded` holds the streams of verdicts and findings as folded at the versions it names: where the ledger stands at another, the stream is read.
ALTER TABLE "governance"."evaluation" ADD COLUMN "position" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "governance"."evaluation" ADD COLUMN "digest" TEXT;
ALTER TABLE "governance"."evaluation" ADD COLUMN "recorded" JSON;

-- A credential that cannot be judged waits here, so that it keeps no other from it.
ALTER TABLE "governance"."stale_credential" ADD COLUMN "retry_at" TIMESTAMPTZ;
CREATE INDEX "stale_credential_position" ON "governance"."stale_credential" ("position");
