-- Who is behind an account is said by the federated logins of its entity: what becomes known of those changes what was read through the account.
CREATE INDEX "retrieval_entity" ON governance."retrieval" (("body" #>> '{identity,entityId}')) WHERE NOT "federated" AND "body" #>> '{identity,entityId}' IS NOT NULL;
