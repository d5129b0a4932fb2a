-- Decisions stand between records, and few: this index leads from one to the next past all of them.
CREATE INDEX "event_decision_idx" ON "event" ("position") WHERE "stream_version" IS NOT NULL;

-- How far each view of decisions has read. Rows and checkpoint commit together.
CREATE SCHEMA "decisions";
CREATE TABLE "decisions"."view" (
  "name" TEXT NOT NULL,
  "version" TEXT NOT NULL,
  "position" BIGINT NOT NULL DEFAULT 0,
  CONSTRAINT "view_pkey" PRIMARY KEY ("name")
);
