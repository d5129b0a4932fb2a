-- When the source was heard of by the first record of a fact, where that is not when the fact happened: the receipt of one that is dated ahead. A clock that
-- is ahead proves no later life. Rows of an earlier version of the index have none and count by their dates, until the index is built anew.
ALTER TABLE access_index."access_fact" ADD COLUMN "heard_us" BIGINT;
CREATE INDEX "access_fact_heard" ON access_index."access_fact" ("source", coalesce("heard_us", "occurred_us")) WHERE NOT "snapshot";
