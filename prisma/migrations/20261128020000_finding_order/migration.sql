-- Lists of findings are read gravest first, of one severity the newest first.
CREATE INDEX "finding_severity" ON "decisions"."finding" ("severity", "position" DESC);
