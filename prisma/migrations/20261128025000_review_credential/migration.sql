-- Items by their credential: what changed about it concerns them. Populations frozen before have none: what becomes known later is not compared with their items.
ALTER TABLE "review_population" ADD COLUMN "credential" UUID;
CREATE INDEX "review_population_credential" ON "review_population" ("population", "credential") WHERE "credential" IS NOT NULL;
