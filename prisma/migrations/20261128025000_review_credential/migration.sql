-- Items by their credential: what changed about it concerns them. Populations frozen before have none, and are read in full instead.
ALTER TABLE "review_population" ADD COLUMN "credential" UUID;
CREATE INDEX "review_population_credential" ON "review_population" ("population", "credential") WHERE "credential" IS NOT NULL;
