-- What campaigns say of accesses, by position and by the time of the decision: whoever asks whether an access was reviewed reads it as of any cut.
CREATE TABLE "decisions"."access_review" (
  "item" UUID NOT NULL,
  "position" BIGINT NOT NULL,
  "at_us" BIGINT NOT NULL,
  "credential" UUID NOT NULL,
  "campaign" TEXT NOT NULL,
  -- Positions of the decisions that it rests on.
  "positions" BIGINT[] NOT NULL,
  "review" JSONB NOT NULL,
  CONSTRAINT "access_review_pkey" PRIMARY KEY ("item", "position")
);
CREATE INDEX "access_review_position" ON "decisions"."access_review" ("position");
-- Whether a campaign still asks, until when, and whether it was voided.
CREATE TABLE "decisions"."campaign_course" (
  "campaign" TEXT NOT NULL,
  "position" BIGINT NOT NULL,
  "at_us" BIGINT NOT NULL,
  "course" JSONB NOT NULL,
  CONSTRAINT "campaign_course_pkey" PRIMARY KEY ("campaign", "position")
);
CREATE INDEX "campaign_course_position" ON "decisions"."campaign_course" ("position");
-- Since when a population belongs to its campaign; the view is folded anew and fills it in.
ALTER TABLE "decisions"."campaign_population"
  ADD COLUMN "position" BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN "at_us" BIGINT NOT NULL DEFAULT 0;
