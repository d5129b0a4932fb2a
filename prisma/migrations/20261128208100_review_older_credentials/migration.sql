-- Populations frozen before items were written with their credential: what becomes known later is compared with their items too.
CREATE INDEX "review_population_older_credential" ON "review_population" ("population", (("body"::jsonb) #>> '{access,credential,id}'))
  WHERE "credential" IS NULL;
