-- Of the newest, those that obtained something and those that did not are read apart: however many attempts were refused, what was obtained is found at once.
DROP INDEX governance."retrieval_credential";
CREATE INDEX "retrieval_credential" ON governance."retrieval" ("credential", "obtained", "at_us" DESC, "fact_id" DESC) WHERE "credential" IS NOT NULL;
DROP INDEX governance."retrieval_named";
CREATE INDEX "retrieval_named" ON governance."retrieval" ("named_credential", "obtained", "at_us" DESC, "fact_id" DESC) WHERE "credential" IS NULL;
