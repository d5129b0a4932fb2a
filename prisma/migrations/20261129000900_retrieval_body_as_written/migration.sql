-- What a chain says is read whole and hardly ever taken apart: it is kept as it was written, so that the server need not put it together for each read.
DROP INDEX governance."retrieval_entity";
ALTER TABLE governance."retrieval" ALTER COLUMN "body" TYPE JSON USING "body"::json;
CREATE INDEX "retrieval_entity" ON governance."retrieval" (("body" #>> '{identity,entityId}')) WHERE NOT "federated" AND "body" #>> '{identity,entityId}' IS NOT NULL;
