-- Read through accounts of an entity, or by a token that such an account may have made beside a federated login.
DROP INDEX governance."retrieval_entity";
CREATE INDEX "retrieval_entity" ON governance."retrieval" (("body" #>> '{identity,entityId}'))
  WHERE (NOT "federated" OR "body" #>> '{path,state}' = 'ambiguous') AND "body" #>> '{identity,entityId}' IS NOT NULL;
