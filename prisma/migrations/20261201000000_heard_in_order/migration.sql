-- By a collation of their own, so that no other index of a source serves where these are meant. While nobody has analysed the tables, the server believed
-- that a source has one or two facts, read all that it had by the index of another time, and sorted them.
DROP INDEX access_index."access_fact_heard";
CREATE INDEX "access_fact_heard" ON access_index."access_fact" ("source" COLLATE "C", coalesce("heard_us", "occurred_us")) WHERE NOT "snapshot";
DROP INDEX access_index."access_told_heard";
CREATE INDEX "access_told_heard" ON access_index."access_told" ("source" COLLATE "C", "heard_us") WHERE NOT "snapshot";
