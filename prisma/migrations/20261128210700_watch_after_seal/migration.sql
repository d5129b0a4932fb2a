-- What changed is looked up among what was decided, by credential.
CREATE INDEX "access_review_credential" ON "decisions"."access_review" ("credential");
-- Sealed campaigns that are still watched, by the end of it.
CREATE INDEX "campaign_watched" ON "decisions"."campaign" ((("state" ->> 'watchUntil')::float8))
  WHERE "status" IN ('sealed', 'reiterated') AND NOT "state" ? 'watchedTo';
-- Items of which something was said since the seal, in the order in which it was said.
CREATE INDEX "review_item_since_seal" ON "decisions"."review_item" ("position") WHERE "state" ? 'sinceSeal';
CREATE INDEX "review_item_since_seal_of" ON "decisions"."review_item" ("campaign", "number") WHERE "state" ? 'sinceSeal';
