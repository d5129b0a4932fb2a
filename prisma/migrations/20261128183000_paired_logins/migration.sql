-- Federated logins by the key they presented and by the token they made: whose pair of clocks a new record may change.
CREATE INDEX "access_fact_minted" ON "access_index"."access_fact" ("minted") WHERE "minted" IS NOT NULL;
CREATE INDEX "access_fact_issued" ON "access_index"."access_fact" ("issued") WHERE "minted" IS NOT NULL;
