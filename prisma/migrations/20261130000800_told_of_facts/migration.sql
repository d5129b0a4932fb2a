-- Position of the record since which a fact is dated as its row says and the source is the least that recorded it; null: since the first.
ALTER TABLE access_index."access_fact" ADD COLUMN "since_position" BIGINT;
-- Position of the record by which a federated login was known to pair two clocks: mostly its answer.
ALTER TABLE access_index."access_fact" ADD COLUMN "paired_position" BIGINT;

-- What is said of a fact beside its own row: its time and its least source as they were known for a while, and each other source that recorded it. Of most
-- facts there is nothing of the kind.
CREATE TABLE access_index."access_told" (
  "fact" UUID NOT NULL,
  "source" TEXT NOT NULL,
  -- Of the sources that were known by then.
  "least" BOOLEAN NOT NULL,
  "occurred_us" BIGINT NOT NULL,
  "heard_us" BIGINT NOT NULL,
  "first_position" BIGINT NOT NULL,
  "until_position" BIGINT,
  "snapshot" BOOLEAN NOT NULL,
  "retrieval" BOOLEAN NOT NULL,
  "credential" UUID,
  "named_credential" UUID,
  "issuer" TEXT,
  "minted" UUID,
  "issued" UUID,
  "paired_position" BIGINT,
  PRIMARY KEY ("fact", "source", "first_position")
);
CREATE INDEX "access_told_heard" ON access_index."access_told" ("source", "heard_us") WHERE NOT "snapshot";
CREATE INDEX "access_told_source" ON access_index."access_told" ("source", "occurred_us");
CREATE INDEX "access_told_until" ON access_index."access_told" ("until_position") WHERE "least";
CREATE INDEX "access_told_credential" ON access_index."access_told" ("credential", "until_position") WHERE "least";
CREATE INDEX "access_told_named_credential" ON access_index."access_told" ("named_credential", "until_position") WHERE "least" AND "credential" IS NULL;
CREATE INDEX "access_told_federated" ON access_index."access_told" ("source", "issuer") WHERE "least" AND "minted" IS NOT NULL;
CREATE INDEX "access_told_issued" ON access_index."access_told" ("issued") WHERE "least" AND "minted" IS NOT NULL;
