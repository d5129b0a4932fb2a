-- Position of the record by which what a row says of a key and a fact became otherwise; null: it still is so. Another row says what it was from then on, so
-- that an earlier cut finds by the time that was known then.
ALTER TABLE access_index."access_key" ADD COLUMN "until_position" BIGINT;
