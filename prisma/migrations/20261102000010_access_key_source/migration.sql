-- Which source recorded the fact (32 bits of its id's hash): windows ask for the sessions and attempts of one issuer alone.
ALTER TABLE "access_key" ADD COLUMN "source" INTEGER NOT NULL DEFAULT 0;
DROP INDEX "access_key_time";
CREATE INDEX "access_key_time" ON "access_key" ("key", "verb", "at_us", "source");

-- Federated logins of an entity, among many that are not.
ALTER TABLE "access_key" ADD COLUMN "federated" BOOLEAN NOT NULL DEFAULT false;
CREATE INDEX "access_key_federated" ON "access_key" ("key", "verb") WHERE "federated";
